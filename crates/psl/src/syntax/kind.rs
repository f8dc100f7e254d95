//! The kinds of tokens and nodes in a syntax tree.

/// What a token or a node is. Tokens are what the lexer makes, or the parser where only the place tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyntaxKind {
    // Tokens.
    Bom,
    Whitespace,
    Newline,
    /// `// …`
    Comment,
    /// `/// …`
    DocComment,
    /// `/* … */`
    BlockComment,
    /// Letters, ASCII digits, `_` and `-`, starting with a letter or digit.
    Word,
    /// A word that is `model`, `enum`, … by its place.
    Keyword,
    /// `-12.5`
    Number,
    /// `"…"`
    String,
    LBrace,
    RBrace,
    LParen,
    RParen,
    LBracket,
    RBracket,
    Comma,
    Colon,
    Dot,
    Equals,
    Question,
    Bang,
    Minus,
    At,
    AtAt,
    /// One character that starts no token.
    Unknown,
    /// A run of text that is no part of the language: the rest of a line, or of a block without a known keyword.
    Garbage,

    // Nodes.
    File,
    Datasource,
    Generator,
    Model,
    View,
    CompositeType,
    Enum,
    /// `type A = B`, no longer part of the language.
    TypeAlias,
    /// `name { … }` without a known keyword.
    UnknownBlock,
    /// A line between blocks that starts none.
    InvalidLine,
    /// A line inside a block that is no member of it.
    InvalidMember,
    /// `key = value`
    KeyValue,
    Field,
    /// A field's type with its modifiers.
    FieldType,
    /// `Unsupported("…")`
    UnsupportedType,
    EnumValue,
    FieldAttribute,
    BlockAttribute,
    /// The name that something is defined under.
    Name,
    /// Words with dots between, as in `@db.Text`.
    Path,
    Arguments,
    Argument,
    /// `name:` with nothing after it.
    EmptyArgument,
    FunctionCall,
    Array,
    Object,
    /// `key: value` of an object.
    ObjectMember,
}

impl SyntaxKind {
    /// Whether it only separates: blanks, line breaks and comments.
    pub fn is_trivia(self) -> bool {
        self <= Self::BlockComment
    }

    /// Whether it is a block of the language: a model, an enum, ….
    pub fn is_block(self) -> bool {
        matches!(
            self,
            Self::Datasource
                | Self::Generator
                | Self::Model
                | Self::View
                | Self::CompositeType
                | Self::Enum
        )
    }

    /// Whether it is made of other elements.
    pub fn is_node(self) -> bool {
        self >= Self::File
    }
}
