//! What a page of a table shows: filters, order, columns and place, as they stand in its URL.

use form_urlencoded::Serializer;

use crate::failure::{Failure, Result};
use crate::filter::{self, Filter};
use crate::model::{Field, Model};

/// Rows of a page where nobody says how many.
pub(crate) const USUAL_SIZE: usize = 50;
const LARGEST_SIZE: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) filters: Vec<Filter>,
    pub(crate) sort: Option<Sort>,
    /// Names of the fields that are shown; none shows all.
    pub(crate) columns: Vec<String>,
    pub(crate) place: Place,
    pub(crate) size: usize,
    /// Where the form adds a filter: the positions of relation filters, one inside the other; none for the rows' own.
    pub(crate) within: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) field: String,
    pub(crate) is_descending: bool,
}

/// Which rows of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Start,
    After(Cursor),
    Before(Cursor),
    End,
}

/// A row of the order: its value in the field that sorts, if one does, then its key, all as text.
pub(crate) type Cursor = Vec<Option<String>>;

impl Default for View {
    fn default() -> Self {
        let (filters, columns, within) = (Vec::new(), Vec::new(), Vec::new());
        Self { filters, sort: None, columns, place: Place::Start, size: USUAL_SIZE, within }
    }
}

impl View {
    /// Reads the query of a URL. What is not of a view is passed over.
    pub(crate) fn parse(query: &str) -> Result<Self> {
        let mut view = Self::default();
        let mut added = Added::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "f" => view.filters.push(Filter::parse(&value)?),
                "field" => added.field = value.into_owned(),
                "path" => added.path = value.into_owned(),
                "operator" => added.operator = value.into_owned(),
                "value" => added.value = value.into_owned(),
                "within" => view.within = positions(&value),
                "sort" => view.sort = Sort::parse(&value),
                "columns" => view.columns.push(value.into_owned()),
                "after" => view.place = Place::After(cursor(&value)?),
                "before" => view.place = Place::Before(cursor(&value)?),
                "end" => view.place = Place::End,
                "size" => {
                    let size: usize = value.parse().unwrap_or(USUAL_SIZE);
                    view.size = size.clamp(1, LARGEST_SIZE);
                }
                _ => {}
            }
        }
        if filter::inside(&mut view.filters, &view.within).is_none() {
            view.within.clear();
        }
        // A form without script sends the parts of a new filter, each on its own.
        if !added.field.is_empty() && !added.operator.is_empty() {
            view.add(Filter::parse(&added.text()?)?)?;
        }
        Ok(view)
    }

    /// Adds a filter where the form does. Behind one on a relation conditions on its rows are likely to follow.
    fn add(&mut self, filter: Filter) -> Result<()> {
        let is_related = matches!(filter, Filter::Related { .. });
        let Some(filters) = filter::inside(&mut self.filters, &self.within) else { return Ok(()) };
        filters.push(filter);
        let mut within = std::mem::take(&mut self.within);
        within.push(filters.len() - 1);
        // What would be too deep to be read again is refused at once.
        Filter::parse(&self.filters[within[0]].text())?;
        if is_related {
            self.within = within;
        }
        Ok(())
    }

    /// The query of a URL that [`View::parse`] reads as this.
    pub(crate) fn query(&self) -> String {
        let mut query = Serializer::new(String::new());
        self.append(&mut query);
        query.finish()
    }

    fn append(&self, query: &mut Serializer<'_, String>) {
        for (key, value) in self.pairs() {
            query.append_pair(key, &value);
        }
    }

    /// The parts of the query, as hidden fields of a form have them.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&str, String)> =
            self.filters.iter().map(|filter| ("f", filter.text())).collect();
        pairs.extend(self.sort.iter().map(|sort| ("sort", sort.text())));
        pairs.extend(self.columns.iter().map(|column| ("columns", column.clone())));
        match &self.place {
            Place::Start => {}
            Place::After(cursor) => pairs.push(("after", text_of(cursor))),
            Place::Before(cursor) => pairs.push(("before", text_of(cursor))),
            Place::End => pairs.push(("end", "1".to_owned())),
        }
        if self.size != USUAL_SIZE {
            pairs.push(("size", self.size.to_string()));
        }
        if !self.within.is_empty() {
            pairs.push(("within", self.within_text()));
        }
        pairs
    }

    /// The same elsewhere, with the form at the rows' own fields.
    pub(crate) fn at(&self, place: Place) -> Self {
        Self { place, within: Vec::new(), ..self.clone() }
    }

    /// From the start, without the filter that a path of positions leads to.
    pub(crate) fn without(&self, path: &[usize]) -> Self {
        let mut view = self.at(Place::Start);
        if let Some((&last, path)) = path.split_last()
            && let Some(filters) = filter::inside(&mut view.filters, path)
        {
            filters.remove(last);
        }
        view
    }

    /// From the start, with the form inside the relation filter that a path of positions leads to.
    pub(crate) fn inside(&self, path: &[usize]) -> Self {
        Self { within: path.to_vec(), ..self.at(Place::Start) }
    }

    /// The positions as they stand in a URL.
    pub(crate) fn within_text(&self) -> String {
        let positions: Vec<String> = self.within.iter().map(usize::to_string).collect();
        positions.join(".")
    }

    /// From the start, sorted by a field: the second time the other way round, the third time no longer.
    pub(crate) fn sorted_by(&self, field: &str) -> Self {
        let sort = match &self.sort {
            Some(sort) if sort.field == field && sort.is_descending => None,
            Some(sort) if sort.field == field => {
                Some(Sort { field: field.to_owned(), is_descending: true })
            }
            _ => Some(Sort { field: field.to_owned(), is_descending: false }),
        };
        Self { sort, ..self.at(Place::Start) }
    }

    /// The fields that are shown, in the schema's order.
    pub(crate) fn shown<'m>(&self, model: &'m Model) -> Vec<&'m Field> {
        let is_shown =
            |field: &&Field| self.columns.is_empty() || self.columns.contains(&field.name);
        let shown: Vec<&Field> = model.fields.iter().filter(is_shown).collect();
        // Columns that are no more are no reason to show nothing.
        if shown.is_empty() { model.fields.iter().collect() } else { shown }
    }
}

#[derive(Default)]
struct Added {
    field: String,
    path: String,
    operator: String,
    value: String,
}

impl Added {
    fn text(&self) -> Result<String> {
        let Self { field, path, operator, value } = self;
        if path.trim().is_empty() {
            return Ok(format!("{field}:{operator}:{value}"));
        }
        let path = serde_json::Value::from(filter::path(path)?);
        Ok(format!("{field}:path:{path}:{operator}:{value}"))
    }
}

impl Sort {
    fn parse(text: &str) -> Option<Self> {
        let (field, is_descending) = match text.strip_prefix('-') {
            Some(field) => (field, true),
            None => (text, false),
        };
        (!field.is_empty()).then(|| Self { field: field.to_owned(), is_descending })
    }

    fn text(&self) -> String {
        format!("{}{}", if self.is_descending { "-" } else { "" }, self.field)
    }
}

fn positions(text: &str) -> Vec<usize> {
    text.split('.').map(str::parse).collect::<std::result::Result<_, _>>().unwrap_or_default()
}

/// A key or cursor as it stands in a URL.
pub(crate) fn text_of(cursor: &[Option<String>]) -> String {
    serde_json::Value::from(cursor.to_vec()).to_string()
}

/// Reads what [`text_of`] writes.
pub(crate) fn cursor(text: &str) -> Result<Cursor> {
    let wrong = || Failure::wrong("The URL does not say which row: it was cut off or changed");
    let values: serde_json::Value = serde_json::from_str(text).map_err(|_| wrong())?;
    let values = values.as_array().ok_or_else(wrong)?;
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::Null => Ok(None),
        serde_json::Value::String(text) => Ok(Some(text.clone())),
        _ => Err(wrong()),
    };
    values.iter().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_all_of_a_view() {
        let query = "f=name%3Acontains%3Aa%26b&f=x%3Ais_null%3A&sort=-name&columns=id&columns=name&\
                     after=%5B%22a%22%2Cnull%5D&size=10";
        let view = View::parse(query).expect("a view");
        assert_eq!(view.query(), query);
        assert_eq!(view.place, Place::After(vec![Some("a".to_owned()), None]));
    }

    #[test]
    fn a_form_adds_a_filter() {
        let view = View::parse("f=a%3Aequals%3A1&field=b&operator=gt&value=2").expect("a view");
        assert_eq!(view.filters[1].text(), "b:gt:2");
        let view = View::parse("field=b&path=x.a%3Ab&operator=gt&value=2").expect("a view");
        assert_eq!(view.filters[0].text(), r#"b:path:["x","a:b"]:gt:2"#);
    }

    #[test]
    fn a_form_adds_conditions_behind_a_relation() {
        let view = View::parse("field=students&operator=some&value=").expect("a view");
        assert_eq!((view.filters[0].text().as_str(), &*view.within), ("students:some:", &[0][..]));
        let query = format!("{}&field=lessons&operator=every&value=", view.query());
        let view = View::parse(&query).expect("a view");
        assert_eq!(view.within, [0, 0]);
        let query = format!("{}&field=a&operator=equals&value=1", view.query());
        let view = View::parse(&query).expect("a view");
        assert_eq!(view.filters[0].text(), "students:some:lessons:every:a:equals:1");
        assert!(view.within.is_empty());
        assert_eq!(view.without(&[0, 0, 0]).filters[0].text(), "students:some:lessons:every:");
        let mut query = view.inside(&[0, 0]).query();
        for _ in 0..3 {
            query = View::parse(&format!("{query}&field=a&operator=some")).expect("a view").query();
        }
        assert!(View::parse(&format!("{query}&field=a&operator=some")).is_err(), "too deep");
    }

    #[test]
    fn sorting_goes_round() {
        let view = View::default();
        let up = view.sorted_by("a");
        let down = up.sorted_by("a");
        assert_eq!(down.sort.as_ref().map(|sort| sort.is_descending), Some(true));
        assert_eq!(down.sorted_by("a").sort, None);
        assert_eq!(down.sorted_by("b").sort.map(|sort| sort.is_descending), Some(false));
    }

    #[test]
    fn nonsense_is_an_error_and_no_panic() {
        assert!(View::parse("after=x").is_err());
        assert!(View::parse("f=nonsense").is_err());
        assert_eq!(View::parse("size=1000000&sort=").expect("a view").size, LARGEST_SIZE);
    }
}
