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
            /// The database is there already.
            DatabaseAlreadyExists = "P1009";
            /// The user may not do this.
            DatabaseAccessDenied = "P1010";
            /// The encrypted connection could not be made.
            TlsConnectionError = "P1011";
            /// The schema is wrong, or what it refers to is not set.
            SchemaParserError = "P1012";
            /// The URL cannot be read.
            InvalidConnectionString = "P1013";
            /// What the model stands for does not exist.
            InvalidModel = "P1014";
            /// The server is too old for what the schema asks for.
            DatabaseVersionIncompatibility = "P1015";
            /// A raw query has the wrong number of parameters.
            IncorrectNumberOfParameters = "P1016";
            /// The connection is gone.
            ConnectionClosed = "P1017";
        }
    }

    /// Errors of queries. Some name what cannot happen with this client, so that code that asks for them compiles.
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
            /// A stored value is no value of the field's type.
            StoredValueIsInvalid = "P2005";
            /// A value is no value of the field's type.
            TypeMismatch = "P2006";
            /// The server cannot read a value as the column's type.
            TypeMismatchInvalidCustomType = "P2007";
            /// The query cannot be read.
            QueryParsingFailed = "P2008";
            /// The query does not fit the schema.
            QueryValidationFailed = "P2009";
            /// A statement was refused by the server.
            RawQueryFailed = "P2010";
            /// A required column would be NULL.
            NullConstraintViolation = "P2011";
            /// A required value is missing.
            MissingRequiredValue = "P2012";
            /// A required argument is missing.
            MissingRequiredArgument = "P2013";
            /// A required relation would be violated.
            RelationViolation = "P2014";
            /// A related row is not there.
            RelatedRecordNotFound = "P2015";
            /// The query cannot be interpreted.
            InterpretationError = "P2016";
            /// Rows that should be related are not.
            RecordsNotConnected = "P2017";
            /// Rows to connect are not there.
            ConnectedRecordsNotFound = "P2018";
            /// A value does not fit its column's type, or an action what it is asked for.
            InputError = "P2019";
            /// A number or a date is outside the range of its column.
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
            /// The database has no such feature.
            UnsupportedFeature = "P2026";
            /// Several errors at once.
            MultiError = "P2027";
            /// The transaction is over, or could not begin in time.
            InteractiveTransactionError = "P2028";
            /// The query has too many parameters.
            QueryParameterLimitExceeded = "P2029";
            /// There is no index for a full-text search.
            MissingFullTextSearchIndex = "P2030";
            /// `MongoDB` only.
            MongoReplicaSetRequired = "P2031";
            /// A required field is missing in what is stored.
            MissingFieldsInModel = "P2032";
            /// A number is larger than its type.
            ValueFitError = "P2033";
            /// Another transaction was in the way; run this one again.
            TransactionWriteConflict = "P2034";
            /// The server found itself in a state that it rules out.
            DatabaseAssertionViolation = "P2035";
            /// Another program that the query goes through failed.
            ExternalError = "P2036";
            /// The server has no more connections to give.
            TooManyConnections = "P2037";
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
