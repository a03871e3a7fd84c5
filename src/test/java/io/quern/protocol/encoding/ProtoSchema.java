package io.quern.protocol.encoding;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `link.proto`, as far as it goes, for protobuf's own library: what the hand-written encoder
/// makes is held against what the file says.
final class ProtoSchema {
  private static final Pattern MESSAGE = Pattern.compile("^message (\\w+) \\{(}?)");
  private static final Pattern FIELD = Pattern.compile("^\\s+(repeated )?(\\w+) (\\w+) = (\\d+);");

  private ProtoSchema() {}

  static Descriptor frame() throws IOException, DescriptorValidationException {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName("link.proto").setPackage("q").setSyntax("proto3");
    DescriptorProto.Builder current = null;
    for (String line : text().lines().toList()) {
      Matcher message = MESSAGE.matcher(line);
      Matcher field = FIELD.matcher(line);
      if (message.find()) {
        current = file.addMessageTypeBuilder().setName(message.group(1));
      } else if (current != null && field.find()) {
        FieldDescriptorProto.Builder made =
            current
                .addFieldBuilder()
                .setName(field.group(3))
                .setNumber(Integer.parseInt(field.group(4)))
                .setLabel(
                    field.group(1) == null
                        ? FieldDescriptorProto.Label.LABEL_OPTIONAL
                        : FieldDescriptorProto.Label.LABEL_REPEATED);
        String type = field.group(2);
        if (Character.isUpperCase(type.charAt(0))) {
          made.setType(FieldDescriptorProto.Type.TYPE_MESSAGE).setTypeName(".q." + type);
        } else {
          made.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
        }
      }
    }
    return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0])
        .findMessageTypeByName("Frame");
  }

  /// Messages, and fields by message, that no comment stands before.
  static List<String> undescribed() throws IOException {
    List<String> found = new ArrayList<>();
    String current = "";
    String before = "";
    for (String line : text().lines().toList()) {
      Matcher message = MESSAGE.matcher(line);
      Matcher field = FIELD.matcher(line);
      boolean isDescribed = before.strip().startsWith("//");
      if (message.find()) {
        current = message.group(1);
        if (!isDescribed) {
          found.add(current);
        }
      } else if (field.find() && !isDescribed) {
        found.add(current + "." + field.group(3));
      }
      before = line;
    }
    return found;
  }

  private static String text() throws IOException {
    try (InputStream in = Hello.class.getResourceAsStream("/io/quern/protocol/link.proto")) {
      if (in == null) {
        throw new IllegalStateException("link.proto is not where it should be");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
