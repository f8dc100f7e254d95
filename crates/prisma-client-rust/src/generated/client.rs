//! The parts of the client that follow from the models' names, and from whose rows are a tenant's.

/// The client, with a method for each model.
#[macro_export]
macro_rules! client_items {
    ($builder:expr; $($model:ident;)*) => {
        /// A handle on the database, cheap to clone.
        #[derive(Debug, Clone)]
        pub struct PrismaClient($crate::Client);

        impl PrismaClient {
            /// Makes a client.
            pub fn _builder() -> $crate::Builder<Self> {
                $builder
            }

            /// A client without a database, for tests, and the store that says what it answers.
            pub fn _mock() -> (Self, $crate::MockStore) {
                let (client, store) = $crate::Client::mock();
                (Self(client), store)
            }

            /// The same client, whose reads go to the first server too, where there are replicas.
            pub fn _primary(&self) -> Self {
                Self(self.0.primary())
            }

            /// Queries that happen together or not at all.
            pub fn _transaction(&self) -> $crate::TransactionBuilder<Self> {
                $crate::TransactionBuilder::new(self.0.clone())
            }

            $(
                #[doc = concat!("Queries of [`", stringify!($model), "`].")]
                #[inline]
                pub fn $model(&self) -> $model::Actions {
                    $model::Actions::new(&self.0)
                }
            )*
        }

        pub use $crate::generated::common::*;

        /// What [`PrismaClient::_builder`] gives.
        pub type PrismaClientBuilder = $crate::Builder<PrismaClient>;

        /// A client of the database that the environment names: `PrismaClient::_builder().build()`.
        pub async fn new_client() -> ::std::result::Result<PrismaClient, $crate::NewClientError> {
            PrismaClient::_builder().build().await
        }

        /// A client of this database: `PrismaClient::_builder().with_url(url).build()`.
        pub async fn new_client_with_url(
            url: &::core::primitive::str,
        ) -> ::std::result::Result<PrismaClient, $crate::NewClientError> {
            PrismaClient::_builder().with_url(url.to_owned()).build().await
        }

        /// Where prisma-client-rust has its client.
        pub mod _prisma {
            pub use super::{PrismaClient, PrismaClientBuilder, read_filters};
            pub use $crate::generated::common::*;
        }

        /// What the client knows of each model, in the order of the schema.
        pub static MODELS: &[&$crate::model::Descriptor] = &[$(&$model::DESCRIPTOR),*];

        impl ::std::convert::From<$crate::Client> for PrismaClient {
            fn from(client: $crate::Client) -> Self {
                Self(client)
            }
        }

        impl ::std::ops::Deref for PrismaClient {
            type Target = $crate::Client;

            fn deref(&self) -> &$crate::Client {
                &self.0
            }
        }
    };
}

/// The client of one tenant, where the generator has `tenant`.
#[macro_export]
macro_rules! tenant_items {
    ($(#[$shared:meta])* $name:ident, $ty:ty) => {
        impl PrismaClient {
            /// The same client in the scope of one tenant: whatever its queries find, count, change, delete or connect
            /// is the tenant's, on every level, and what they make is too.
            ///
            /// Rows of others are not there: not found (P2025), or a key that is taken (P2002). A value that would make
            /// a row another tenant's is refused (P2019). Whose a new row is need not be said: `nested()` stands for the
            /// tenant in the place of the relation. Transactions and batches of this client stay in the scope; to
            /// leave it takes the client that it was made of, for the client of one tenant made that of another
            /// finds nothing and writes nothing.
            ///
            /// The scope is of this client's queries: raw SQL, and what the database does by itself (cascades, triggers),
            /// see everything.
            ///
            $(#[$shared])*
            #[must_use]
            pub fn $name(&self, id: impl $crate::generated::Argument<$ty>) -> Self {
                let id = $crate::generated::Argument::<$ty>::into_argument(id);
                Self(self.0.scoped($crate::value::Scalar::into_value(id)))
            }
        }
    };
}
