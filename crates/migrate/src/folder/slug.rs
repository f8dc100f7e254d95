//! The part of a migration's name that people choose: Prisma's CLI makes it with slugify, and so do we.

/// What letters are written as in ASCII: a replacement, a tab and the letters, a line each. The data are those of
/// `@sindresorhus/transliterate` 1.6 (MIT), which the CLI carries, and the letters that Unicode takes apart.
const TRANSLITERATIONS: &str = include_str!("transliterations.txt");

/// Snake case: words are split at anything that is no letter or digit and where the case changes.
pub(super) fn slug(title: &str) -> String {
    let plain: Vec<char> = title.chars().flat_map(transliterate).collect();
    let mut slug = String::with_capacity(plain.len());
    for (at, &char) in plain.iter().enumerate() {
        let apostrophe = char == '\'' && is_contraction(&plain, at);
        if apostrophe {
            continue;
        }
        let separates = !char.is_ascii_alphanumeric() || starts_word(&plain, at);
        if separates && !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
        if char.is_ascii_alphanumeric() {
            slug.push(char.to_ascii_lowercase());
        }
    }
    if slug.ends_with('_') {
        slug.pop();
    }
    slug
}

/// Whether the case says that a word begins here: `addNickname`, `parseHTTPServer`, `addURL`, `API2`.
fn starts_word(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| chars[before]) else { return false };
    let here = chars[at];
    let after = chars.get(at + 1);
    let capital = here.is_ascii_uppercase();
    let lower = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit();
    if capital && lower(before) {
        return true;
    }
    if here.is_ascii_digit() && before.is_ascii_uppercase() {
        return at >= 2 && chars[at - 2].is_ascii_uppercase();
    }
    // The last capital of a run belongs to the next word, except before a plural: `URLs`.
    capital
        && before.is_ascii_uppercase()
        && after.is_some_and(|&after| after.is_ascii_lowercase() && after != 's')
}

/// `don't` is one word.
fn is_contraction(chars: &[char], at: usize) -> bool {
    let word_before = at > 0 && chars[at - 1].is_ascii_alphanumeric();
    let letter = chars.get(at + 1).is_some_and(|char| matches!(char, 't' | 's' | 'T' | 'S'));
    word_before
        && letter
        && chars.get(at + 2).is_none_or(|char| char.is_whitespace() || starts_word(chars, at + 2))
}

fn transliterate(char: char) -> Vec<char> {
    if char.is_ascii() {
        return if char == '&' { " and ".chars().collect() } else { vec![char] };
    }
    // Accents that follow their letter.
    if matches!(char, '\u{2b0}'..='\u{36f}') {
        return Vec::new();
    }
    let lines = TRANSLITERATIONS.lines().filter_map(|line| line.split_once('\t'));
    let mut found = lines.filter(|(_, letters)| letters.contains(char));
    found.next().map_or_else(|| vec![char], |(replacement, _)| replacement.chars().collect())
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_those_of_the_reference() {
        for (title, expected) in [
            ("init_core", "init_core"),
            ("Add nickname", "add_nickname"),
            ("addNickname", "add_nickname"),
            ("add-student.nickname", "add_student_nickname"),
            ("  -- spaces --  ", "spaces"),
            ("parseHTTPServer", "parse_http_server"),
            ("API2", "api_2"),
            ("HTTPServer2Go", "http_server2_go"),
            ("AB12cd", "ab_12cd"),
            ("ABCsd", "abcsd"),
            ("ABsX", "abs_x"),
            ("ÐÞþ", "dt_hth"),
            ("Łódź – naïve “q”", "lodz_naive_q"),
            ("It's", "its"),
            ("addURLs", "add_urls"),
            ("a1B2", "a1_b2"),
            ("don't drop", "dont_drop"),
            ("Fahrschüler & Prüfung", "fahrschueler_and_pruefung"),
            ("École", "ecole"),
            ("../../etc/passwd", "etc_passwd"),
            ("日本", ""),
            ("Привет мир", "privet_mir"),
            ("мой Ёж", "moy_yozh"),
            ("user'sAdd", "users_add"),
            ("Ελλάδα", "ellada"),
            ("Đặng", "dang"),
            ("e\u{301}te\u{301}", "ete"),
            ("", ""),
        ] {
            assert_eq!(slug(title), expected, "{title:?}");
        }
    }
}
