//! `ops: …` of an index: the schema's names for PostgreSQL's operator classes.
//!
//! The names are made by a rule: `TimestampTzMinMaxMultiOps` is `timestamptz_minmax_multi_ops`.
//! Which of them exist for which type and algorithm the schema's validation knows.

use pg_schema::{IndexAlgorithm, OpClass};
use psl::OperatorClass;

/// What can stand between the type and `Ops`, with its name in PostgreSQL, and whether it is
/// what the server takes by itself.
const FAMILIES: [(&str, &str, bool); 5] = [
    ("MinMaxMulti", "_minmax_multi", false),
    ("MinMax", "_minmax", true),
    ("Bloom", "_bloom", false),
    ("Inclusion", "_inclusion", true),
    ("Path", "_path", false),
];

pub(crate) fn op_class(ops: &OperatorClass, algorithm: &IndexAlgorithm) -> OpClass {
    let name = match ops {
        OperatorClass::Raw(name) => return OpClass { name: name.clone(), is_default: false },
        OperatorClass::Known(name) => name.strip_suffix("Ops").unwrap_or(name),
    };
    for (family, suffix, is_default) in FAMILIES {
        if let Some(ty) = name.strip_suffix(family) {
            return OpClass { name: format!("{}{suffix}_ops", ty.to_lowercase()), is_default };
        }
    }
    // `inet_ops` is the default of SP-GiST, and only an alternative in GiST.
    let is_default = name != "Inet" || *algorithm == IndexAlgorithm::SpGist;
    OpClass { name: format!("{}_ops", name.to_lowercase()), is_default }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rule() {
        for (known, name, is_default) in [
            ("JsonbOps", "jsonb_ops", true),
            ("JsonbPathOps", "jsonb_path_ops", false),
            ("ArrayOps", "array_ops", true),
            ("TextOps", "text_ops", true),
            ("InetOps", "inet_ops", false),
            ("InetInclusionOps", "inet_inclusion_ops", true),
            ("Int4MinMaxOps", "int4_minmax_ops", true),
            ("TimestampTzMinMaxMultiOps", "timestamptz_minmax_multi_ops", false),
            ("VarBitMinMaxOps", "varbit_minmax_ops", true),
            ("BpcharBloomOps", "bpchar_bloom_ops", false),
        ] {
            let class = op_class(&OperatorClass::Known(known.to_owned()), &IndexAlgorithm::Gist);
            assert_eq!(class, OpClass { name: name.to_owned(), is_default }, "{known}");
        }
    }

    #[test]
    fn inet_ops_is_the_default_of_sp_gist() {
        let ops = OperatorClass::Known("InetOps".to_owned());
        assert!(op_class(&ops, &IndexAlgorithm::SpGist).is_default);
    }

    #[test]
    fn raw_classes_are_taken_as_they_are() {
        let ops = OperatorClass::Raw("gin_trgm_ops".to_owned());
        let class = op_class(&ops, &IndexAlgorithm::Gin);
        assert_eq!(class, OpClass { name: "gin_trgm_ops".to_owned(), is_default: false });
    }
}
