//! What the compiler says to whoever writes a query that cannot be: it names the field and the model.

#[test]
fn mistakes_are_named() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
