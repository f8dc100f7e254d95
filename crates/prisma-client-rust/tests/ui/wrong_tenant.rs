#[rustfmt::skip]
#[path = "../it/tenant/generated/mod.rs"]
mod generated;

fn main() {
    let (client, _) = generated::PrismaClient::_mock();
    let _ = client.tenant("a");
}
