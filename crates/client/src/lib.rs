//! DriveFlow's database, typed: [`PrismaClient`] and a module for each model of `prisma/schema.prisma`.
//!
//! Everything below is generated from the schema and committed. After a change of the schema, `cargo xtask generate`
//! writes it anew (`cargo xtask migrate dev` ends with that); a stale client does not compile.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use client::prisma_client_rust::SortOrder;
//! use client::{OrgRole, PrismaClient, user, user_org};
//!
//! let client = PrismaClient::_builder().build().await?;
//! let owners = client
//!     .user()
//!     .find_many(vec![user::memberships::some(vec![user_org::role::equals(OrgRole::Owner)])])
//!     .with(user::memberships::fetch(vec![]).with(user_org::org::fetch()))
//!     .order_by(user::email::order(SortOrder::Asc))
//!     .await?;
//! for owner in &owners {
//!     println!("{} owns {} schools", owner.full_name, owner.memberships()?.len());
//! }
//!
//! // Of one school: whatever is found, changed or made is its own.
//! let school = client.tenant("8c5b6f2e-3c0e-4f6e-9d53-0c4a4a6f0f11");
//! println!("{} bookings", school.booking().count(vec![]).await?);
//! # Ok(()) }
//! ```

// Public for the macros of its models, which name it.
#[doc(hidden)]
#[rustfmt::skip]
pub mod generated;

#[doc(inline)]
pub use generated::*;
pub use prisma_client_rust;
