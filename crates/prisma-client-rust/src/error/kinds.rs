//! The errors that [`QueryError::is_prisma_error`](crate::QueryError::is_prisma_error) tells apart.

/// One of Prisma's errors, by its code.
pub trait PrismaError {
    /// Such as `P2002`.
    const CODE: &'static str;
}

/// Prisma's errors, by the paths that `prisma-client-rust` gave them.
pub mod prisma_errors {
    macro_rules! errors {
        ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
            $(
                $(#[$doc])*
                #[derive(Debug, Clone, Copy)]
                pub struct $name;

                impl crate::error::PrismaError for $name {
                    const CODE: &'static str = $code;
                }
            )+

            pub(crate) const CODES: &[&str] = &[$($code),+];
        };
    }

    /// Errors of reaching a server.
    pub mod common {
        errors! {
            /// The user or the password is wrong.
            IncorrectDatabaseCredentials = "P1000";
            /// There is no server at the address.
            DatabaseNotReachable = "P1001";
            /// The server did not answer in time.
            DatabaseTimeout = "P1002";
            /// The database does not exist.
            DatabaseDoesNotExist = "P1003";
            /// The statement took too long.
            DatabaseOperationTimeout = "P1008";
            /// The user may not do this.
            DatabaseAccessDenied = "P1010";
            /// The encrypted connection could not be made.
            TlsConnectionError = "P1011";
            /// The URL cannot be read.
            InvalidConnectionString = "P1013";
            /// The connection is gone.
            ConnectionClosed = "P1017";
        }
    }

    /// Errors of queries.
    pub mod query_engine {
        errors! {
            /// A text is longer than its column.
            InputValueTooLong = "P2000";
            /// A row with the same key is there.
            UniqueKeyViolation = "P2002";
            /// A row refers to one that is not there, or is referred to.
            ForeignKeyViolation = "P2003";
            /// A check or another constraint said no.
            ConstraintViolation = "P2004";
            /// A statement was refused by the server.
            RawQueryFailed = "P2010";
            /// A required column would be NULL.
            NullConstraintViolation = "P2011";
            /// A value does not fit its column's type.
            InputError = "P2019";
            /// A number is outside the range of its column.
            ValueOutOfRange = "P2020";
            /// The table is not in the database.
            TableDoesNotExist = "P2021";
            /// The column is not in the database.
            ColumnDoesNotExist = "P2022";
            /// A column does not hold what the schema says.
            InconsistentColumnData = "P2023";
            /// No connection of the pool came free in time.
            PoolTimeout = "P2024";
            /// A row that the query needs is not there.
            RecordRequiredButNotFound = "P2025";
            /// The transaction is over, or could not begin in time.
            InteractiveTransactionError = "P2028";
            /// Another transaction was in the way; run this one again.
            TransactionWriteConflict = "P2034";
        }

        /// The name that some projects know [`RecordRequiredButNotFound`] by.
        pub type RecordNotFound = RecordRequiredButNotFound;
    }
}

/// The code of another crate's error as one of ours, so that it lives as long as the program.
pub(super) fn known(code: &str) -> &'static str {
    let codes = prisma_errors::common::CODES.iter().chain(prisma_errors::query_engine::CODES);
    codes.copied().find(|known| *known == code).unwrap_or("P2010")
}
