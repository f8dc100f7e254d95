//! Documents of one schema with everything in it, as they are read, and of texts that try to break out.

use psl::{Schema, SourceFile};

fn schema(text: &str) -> Schema {
    psl::analyze(vec![SourceFile::new("schema.prisma", text)]).schema
}

const SHOP: &str = r#"
datasource db {
  provider = "postgresql"
  url      = "postgresql://ann:secret@localhost/shop"
}

/// Someone who buys.
model Customer {
  id      Int      @id @default(autoincrement())
  email   String?  @unique @db.VarChar(200)
  level   Level    @default(new)
  tags    String[] @default(["a"])
  orders  Order[]
  parent  Customer?  @relation("family", fields: [parentId], references: [id])
  parentId Int?
  children Customer[] @relation("family")
  labels  Label[]
}

model Order {
  shop       String
  number     Int
  total      Decimal  @default(0) @db.Decimal(9, 2)
  placedAt   DateTime @default(now()) @map("placed_at")
  customer   Customer @relation(fields: [customerId], references: [id], onDelete: Cascade)
  customerId Int
  place      Unsupported("point")?

  @@id([shop, number])
  @@unique([customerId, placedAt(sort: Desc)])
  @@index([total], type: BTree)
  @@map("orders")
}

model Label {
  /// Shown as it is.
  id     String @id @default(uuid())
  customers Customer[]
}

enum Level {
  new
  /// Ten orders | or more
  regular
}
"#;

#[test]
fn documents_say_everything() {
    let schema = schema(SHOP);
    insta::assert_snapshot!("mermaid", crate::mermaid(&schema));
    insta::assert_snapshot!("dbml", crate::dbml(&schema));
    insta::assert_snapshot!("markdown", crate::markdown(&schema));
    insta::assert_snapshot!("svg", crate::svg(&schema));
    insta::assert_snapshot!(
        "html",
        crate::html(&schema).replace(&crate::svg(&schema), "(the diagram)\n")
    );
}

#[test]
fn no_document_holds_what_the_datasource_says() {
    let schema = schema(SHOP);
    for document in [
        crate::mermaid(&schema),
        crate::dbml(&schema),
        crate::markdown(&schema),
        crate::svg(&schema),
        crate::html(&schema),
    ] {
        assert!(!document.contains("secret"));
    }
}

#[test]
fn comments_and_names_stay_text() {
    let schema = schema(
        "/// </text><script>alert(1)</script> & \"x\" | `y`\nmodel A {\n  /// <b> | [x](y)\n  id Int @id @map(\"<i>'\\\"\")\n}",
    );
    for document in [crate::svg(&schema), crate::html(&schema), crate::markdown(&schema)] {
        assert!(!document.contains("<script>") && !document.contains("<b>"), "{document}");
        assert!(!document.contains("<i>"), "{document}");
    }
    assert!(crate::markdown(&schema).contains(r"\[x\]"));
    assert!(crate::dbml(&schema).contains("Note: '</text>"));
}

#[test]
fn names_and_comments_that_mean_something_elsewhere() {
    let schema = schema(
        "model Class {\n  id Int @id\n  pk Int\n  a Class[] @relation(\"r\")\n  b Class[] @relation(\"r\")\n  @@schema(\"auth\")\n}\n\
         /// Title\n/// ---\n/// - _item_\n/// 12. x\nenum E {\n  one @map(\"1\")\n  @@map(\"e_type\")\n}",
    );
    let mermaid = crate::mermaid(&schema);
    assert!(mermaid.contains("\"Class\" {") && mermaid.contains("Int pk_"), "{mermaid}");
    let markdown = crate::markdown(&schema);
    assert!(markdown.contains("Table: auth.Class"), "{markdown}");
    assert!(markdown.contains("Title\n\\---\n\\- \\_item\\_\n12\\. x"), "{markdown}");
    assert!(markdown.contains("- one (\"1\" in the database)"), "{markdown}");
    assert!(
        crate::html(&schema)
            .contains("<p>Type <code>e\\_type</code></p>".replace('\\', "").as_str())
    );
    let dbml = crate::dbml(&schema);
    assert!(dbml.contains("Table _r {") && !dbml.contains("<>"), "{dbml}");
}

#[test]
fn an_empty_schema_is_a_document_too() {
    let schema = schema("");
    assert_eq!(crate::mermaid(&schema), "erDiagram\n");
    assert!(crate::svg(&schema).ends_with("</svg>\n"));
    assert!(crate::html(&schema).contains("<h1>Schema</h1>"));
}
