//! Preview features: names in a generator that switch parts of the language on.

/// The features that change what a schema means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Feature {
    PartialIndexes,
    PostgresqlExtensions,
    ShardKeys,
    Views,
}

/// What there is to say about a feature's name.
pub(super) enum Status {
    Active,
    /// The language has it without being asked.
    Stable,
    /// It will be gone.
    Dying,
    /// It goes by another name, and there is a page about why.
    Renamed {
        to: &'static str,
        page: &'static str,
    },
    Unknown,
}

/// `has_datasource` is whether there is one: some features are PostgreSQL's.
pub(super) fn status(name: &str, has_datasource: bool) -> Status {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    if name.eq_ignore_ascii_case("metrics") {
        Status::Dying
    } else if active(has_datasource).iter().chain(&HIDDEN).any(&is) {
        Status::Active
    } else if has_datasource && name.eq_ignore_ascii_case("fullTextSearch") {
        Status::Renamed { to: "fullTextSearchPostgres", page: "fts-postgres" }
    } else if STABLE.iter().any(is) {
        Status::Stable
    } else {
        Status::Unknown
    }
}

pub(super) fn feature(name: &str) -> Option<Feature> {
    let features = [
        ("partialIndexes", Feature::PartialIndexes),
        ("postgresqlExtensions", Feature::PostgresqlExtensions),
        ("shardKeys", Feature::ShardKeys),
        ("views", Feature::Views),
    ];
    features
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, feature)| feature)
}

/// Features that may be asked for, as messages list them.
pub(super) fn active(has_datasource: bool) -> &'static [&'static str] {
    if has_datasource { &ACTIVE } else { &ACTIVE[1..] }
}

/// The first is PostgreSQL's own.
const ACTIVE: [&str; 9] = [
    "fullTextSearchPostgres",
    "metrics",
    "nativeDistinct",
    "postgresqlExtensions",
    "relationJoins",
    "schemaEngineDriverAdapters",
    "shardKeys",
    "strictUndefinedChecks",
    "views",
];

/// Features that may be asked for and are not listed. Partial indexes are Prisma 7's.
const HIDDEN: [&str; 3] = ["partialIndexes", "reactNative", "typedSql"];

const STABLE: [&str; 40] = [
    "aggregateApi",
    "atomicNumberOperations",
    "clientExtensions",
    "cockroachdb",
    "connectOrCreate",
    "createMany",
    "dataProxy",
    "deno",
    "distinct",
    "driverAdapters",
    "extendedIndexes",
    "extendedWhereUnique",
    "fieldReference",
    "filteredRelationCount",
    "filterJson",
    "fullTextIndex",
    "groupBy",
    "improvedQueryRaw",
    "interactiveTransactions",
    "jsonProtocol",
    "microsoftSqlServer",
    "middlewares",
    "mongoDb",
    "multiSchema",
    "namedConstraints",
    "napi",
    "nativeTypes",
    "omitApi",
    "orderByAggregateGroup",
    "orderByNulls",
    "orderByRelation",
    "prismaSchemaFolder",
    "queryCompiler",
    "referentialActions",
    "referentialIntegrity",
    "selectRelationCount",
    "tracing",
    "transactionApi",
    "uncheckedScalarInputs",
    "fullTextSearch",
];
