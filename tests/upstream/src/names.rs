use crate::prisma::{post, Role};

pub fn roles() -> Vec<String> {
    [Role::User, Role::AdminUser, Role::Owner].iter().map(ToString::to_string).collect()
}

pub fn name() -> &'static str {
    post::NAME
}

pub fn to_json(post: &post::Data, role: Role) -> prisma_client_rust::serde_json::Value {
    prisma_client_rust::serde_json::json!({ "post": post, "role": role })
}

pub fn from_json(text: &str) -> prisma_client_rust::serde_json::Result<post::Data> {
    prisma_client_rust::serde_json::from_str(text)
}
