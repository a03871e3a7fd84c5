package io.quern.link;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts the callers another one trusts, and counts those it does not: they end in the handshake,
/// before there is a call that could be refused.
final class CountingTrustManager extends X509ExtendedTrustManager {
  private static final Logger LOG = System.getLogger(CountingTrustManager.class.getName());

  private final X509ExtendedTrustManager trust;
  private final RefusalCounts refusals;

  private CountingTrustManager(X509ExtendedTrustManager trust, RefusalCounts refusals) {
    this.trust = trust;
    this.refusals = refusals;
  }

  /// @param factory null for what Java trusts
  static CountingTrustManager of(@Nullable TrustManagerFactory factory, RefusalCounts refusals) {
    for (TrustManager each : (factory == null ? ofJava() : factory).getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager x509) {
        return new CountingTrustManager(x509, refusals);
      }
    }
    throw new IllegalArgumentException("whom to trust is not said by X.509 certificates");
  }

  private static TrustManagerFactory ofJava() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return factory;
    } catch (NoSuchAlgorithmException | KeyStoreException e) {
      throw new IllegalStateException("every Java platform trusts somebody", e);
    }
  }

  private interface Check {
    void run() throws CertificateException;
  }

  private void counted(Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      refusals.add(RefusalReason.CERTIFICATE);
      LOG.log(Level.WARNING, "a caller was turned away for its certificate: {0}", e.getMessage());
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    counted(() -> trust.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    counted(() -> trust.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    counted(() -> trust.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkServerTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.getAcceptedIssuers();
  }
}
