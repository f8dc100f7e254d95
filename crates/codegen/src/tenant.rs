//! Which rows belong to which tenant, where the generator names the field that says so.
//!
//! A model with the field is the tenant's by that column, and the model that those fields refer to is the tenant itself.
//! A model without it is the tenant's by the relations that its rows cannot be without, if they lead to such models: by all
//! of those on the shortest way there. What else its rows refer to is the tenant's when it is written. What is left belongs
//! to nobody: its rows are everybody's, and the generator has to say so.

use std::collections::BTreeMap;
use std::fmt;

use proc_macro2::TokenStream;
use psl::{
    Arity, Generator, ModelWalker, PropertyValue, RelationFieldId, RelationFieldWalker,
    ScalarFieldId, ScalarFieldWalker, ScalarType, Schema,
};
use quote::quote;

use crate::{Options, column, fields, names};

/// The generator's `tenant` and `shared_models`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tenant {
    /// The field that holds a row's tenant, of the same name in every model that has it.
    pub field: String,
    /// Models whose rows are everybody's.
    pub shared: Vec<String>,
}

impl Tenant {
    /// What a generator of a schema says; nothing where it has no `tenant` that is one text.
    pub fn of(generator: &Generator) -> Option<Self> {
        let value = |key: &str| generator.properties.iter().find(|(name, _)| name == key);
        let Some((_, PropertyValue::One(field))) = value("tenant") else { return None };
        let shared = match value("shared_models") {
            Some((_, PropertyValue::Many(names))) => names.clone(),
            Some((_, PropertyValue::One(name))) => vec![name.clone()],
            Some((_, PropertyValue::Env(_))) | None => Vec::new(),
        };
        Some(Self { field: field.clone(), shared })
    }
}

/// Why no client can be scoped by a field: `Display` says what is wrong, [`help`](Self::help) what can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantProblem {
    /// No model has the field.
    NoSuchField(String),
    /// The field of a model is no tenant: a list, a date …
    NoTenant(String),
    /// Two models disagree on the field's type, or on what it refers to.
    Differs(String, [String; 2]),
    /// A name among the shared models that is no model's.
    NoSuchModel(String),
    /// Models whose rows belong to no tenant, and are not said to be shared; after them those that are.
    OfNobody(String, Vec<String>, Vec<String>),
}

/// How the rows of a model belong to a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Membership {
    Column(ScalarFieldId),
    Through(Vec<RelationFieldId>),
}

/// The models whose rows belong to a tenant, by their names.
#[derive(Debug, Default)]
pub(crate) struct Members<'s>(BTreeMap<&'s str, Membership>);

impl<'s> Members<'s> {
    pub(crate) fn of(schema: &'s Schema, options: &Options) -> Self {
        options.tenant.as_ref().map_or_else(Self::default, |tenant| members(schema, tenant))
    }

    pub(crate) fn has(&self, model: ModelWalker<'_>) -> bool {
        self.0.contains_key(model.name())
    }

    /// What the line of a column says more.
    pub(crate) fn column(&self, field: ScalarFieldWalker<'_>) -> Option<TokenStream> {
        let membership = self.0.get(field.model().name())?;
        (*membership == Membership::Column(field.id())).then(|| quote!(.tenant()))
    }

    /// What the line of a relation says more.
    pub(crate) fn relation(&self, field: RelationFieldWalker<'_>) -> Option<TokenStream> {
        match self.0.get(field.model().name())? {
            Membership::Through(relations) if relations.contains(&field.id()) => {
                Some(quote!(.tenant()))
            }
            Membership::Column(_) | Membership::Through(_) => None,
        }
    }
}

/// `PrismaClient::tenant`, where there are tenants.
pub(crate) fn item(
    schema: &Schema,
    members: &Members<'_>,
    options: &Options,
) -> Option<TokenStream> {
    let tenant = options.tenant.as_ref()?;
    let field = columns(schema, tenant).next()?;
    let ty = column::base_type(field);
    let models: Vec<_> = client_models(schema).collect();
    let taken = models.iter().any(|model| names::module(*model) == "tenant");
    let name = names::snake(if taken { "_tenant" } else { "tenant" });
    let shared = models.into_iter().filter(|model| !members.has(*model));
    let shared = shared.map(names::module).map(|module| format!("[`{module}`]"));
    let shared: Vec<String> = shared.collect();
    let documentation = if shared.is_empty() {
        " Every model's rows belong to a tenant.".to_owned()
    } else {
        format!(" Everybody's rows, in the scope as outside of it: {}.", shared.join(", "))
    };
    Some(quote!(tenant_items! { #[doc = #documentation] #name, #ty }))
}

/// Why there would be no client with this scope.
pub fn tenant_problem(schema: &Schema, tenant: &Tenant) -> Option<TenantProblem> {
    let field = || tenant.field.clone();
    let at = |field: ScalarFieldWalker<'_>| format!("{}.{}", field.model().name(), field.name());
    let Some(first) = columns(schema, tenant).next() else {
        return Some(TenantProblem::NoSuchField(field()));
    };
    for column in columns(schema, tenant) {
        let scalar = column.scalar_type();
        let fits =
            matches!(scalar, Some(ScalarType::String | ScalarType::Int | ScalarType::BigInt));
        if !fits || column.arity() == Arity::List {
            return Some(TenantProblem::NoTenant(at(column)));
        }
        if scalar != first.scalar_type() {
            return Some(TenantProblem::Differs(field(), [at(first), at(column)]));
        }
    }
    let mut roots = columns(schema, tenant).filter_map(|column| Some((column, root(column)?)));
    if let Some((first, (model, key))) = roots.next()
        && let Some((other, _)) = roots.find(|(_, (other, of))| *other != model || *of != key)
    {
        return Some(TenantProblem::Differs(field(), [at(first), at(other)]));
    }
    let models: Vec<&str> = schema.models().map(ModelWalker::name).collect();
    if let Some(name) = tenant.shared.iter().find(|name| !models.contains(&name.as_str())) {
        return Some(TenantProblem::NoSuchModel(name.clone()));
    }
    let members = members(schema, tenant);
    let said = |model: &ModelWalker<'_>| tenant.shared.iter().any(|name| name == model.name());
    let nobodys = client_models(schema).filter(|model| !members.has(*model) && !said(model));
    let nobodys: Vec<String> = nobodys.map(|model| model.name().to_owned()).collect();
    (!nobodys.is_empty()).then(|| TenantProblem::OfNobody(field(), nobodys, tenant.shared.clone()))
}

fn members<'s>(schema: &'s Schema, tenant: &Tenant) -> Members<'s> {
    let is_shared = |model: ModelWalker<'_>| tenant.shared.iter().any(|name| name == model.name());
    let models: Vec<_> = client_models(schema).filter(|model| !is_shared(*model)).collect();
    let mut members = Members::default();
    // The tenant itself may have a field of the name, which then is about something else.
    let roots = columns(schema, tenant).filter_map(root);
    let columns = columns(schema, tenant).map(|field| (field.model(), field));
    for (model, field) in roots.chain(columns) {
        if !is_shared(model) {
            members.0.entry(model.name()).or_insert(Membership::Column(field.id()));
        }
    }
    // Round by round, so that no model is a member by way of itself.
    loop {
        let found: Vec<_> = models
            .iter()
            .filter(|model| !members.has(**model))
            .filter_map(|model| {
                let needed = fields::relations(*model).into_iter().filter(|field| {
                    field.is_forward()
                        && field.arity() == Arity::Required
                        && field.fields().all(|field| field.arity() == Arity::Required)
                        && members.has(field.related_model())
                });
                let needed: Vec<RelationFieldId> = needed.map(RelationFieldWalker::id).collect();
                (!needed.is_empty()).then(|| (model.name(), Membership::Through(needed)))
            })
            .collect();
        if found.is_empty() {
            return members;
        }
        members.0.extend(found);
    }
}

/// The models that the client has.
fn client_models(schema: &Schema) -> impl Iterator<Item = ModelWalker<'_>> {
    schema.models().filter(|model| !model.is_ignored())
}

/// The fields of the tenant's name, in the models that the client has.
fn columns<'s>(schema: &'s Schema, tenant: &Tenant) -> impl Iterator<Item = ScalarFieldWalker<'s>> {
    client_models(schema).flat_map(column::all).filter(|field| field.name() == tenant.field)
}

/// The model that a tenant's field refers to, and which field of it.
fn root(field: ScalarFieldWalker<'_>) -> Option<(ModelWalker<'_>, ScalarFieldWalker<'_>)> {
    let relations = fields::relations(field.model());
    let relation = relations.into_iter().find(|relation| {
        relation.is_forward() && relation.fields().map(ScalarFieldWalker::id).eq([field.id()])
    })?;
    let key = relation.relation()?.forward()?.references().next()?;
    Some((relation.related_model(), key))
}

impl TenantProblem {
    /// What can be done about it.
    pub fn help(&self) -> String {
        match self {
            Self::NoSuchField(_) => {
                "name the field that holds a row's tenant, such as tenant = \"orgId\"".to_owned()
            }
            Self::NoTenant(..) => {
                "a tenant is a String, an Int or a BigInt, and one of them".to_owned()
            }
            Self::Differs(..) => {
                "give one of them another name, or the same type and relation".to_owned()
            }
            Self::NoSuchModel(_) => "name models as the schema does".to_owned(),
            Self::OfNobody(field, models, shared) => format!(
                "give them `{field}` or a required relation to a model that has it; where their rows are everybody's, \
                 tell the generator:\n\n  shared_models = [\"{}\"]",
                [shared.as_slice(), models.as_slice()].concat().join("\", \"")
            ),
        }
    }
}

impl fmt::Display for TenantProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchField(field) => {
                write!(f, "`tenant` of the generator is \"{field}\", and no model has such a field")
            }
            Self::NoTenant(at) => write!(f, "`{at}` cannot hold a tenant"),
            Self::Differs(field, [one, other]) => write!(
                f,
                "`{one}` and `{other}` are not the same, so `{field}` does not say whose a row is"
            ),
            Self::NoSuchModel(name) => {
                write!(f, "`shared_models` of the generator has \"{name}\", which is no model")
            }
            Self::OfNobody(field, models, _) => write!(
                f,
                "rows of `{}` belong to no tenant: no `{field}`, and no required relation to a model that has it",
                models.join("`, `")
            ),
        }
    }
}

impl std::error::Error for TenantProblem {}
