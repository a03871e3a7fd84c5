package io.quern.bqskit.pickle;

/// The name of something in a Python module, never looked up here.
public final class GlobalNode extends PickleNode.Referable {
  private final TextNode module;
  private final TextNode name;
  private final boolean oldNames;

  GlobalNode(TextNode module, TextNode name, boolean oldNames) {
    this.module = module;
    this.name = name;
    this.oldNames = oldNames;
  }

  public GlobalNode(String module, String name) {
    this(new TextNode(module), new TextNode(name), false);
  }

  /// A name that a pickle may have in many places.
  public static GlobalNode shared(String module, String name) {
    GlobalNode global = new GlobalNode(module, name);
    global.share();
    return global;
  }

  public TextNode module() {
    return module;
  }

  /// The name within the module, with dots for what is inside of a class.
  public TextNode name() {
    return name;
  }

  /// Whether the names are Python 2's (`__builtin__`), as protocol 2 has them.
  boolean hasOldNames() {
    return oldNames;
  }

  public boolean is(String otherModule, String otherName) {
    return name.is(otherName) && module.is(otherModule);
  }

  /// Whether it is the same name in the same module.
  boolean names(GlobalNode other) {
    return name.sameAs(other.name) && module.sameAs(other.module);
  }

  @Override
  public String toString() {
    return module.value() + "." + name.value();
  }
}
