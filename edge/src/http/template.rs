//! Pages that the Worker fills: `%name%` in a page becomes a value. What is filled in can't bring a marker of its own.

/// Replaces each `%name%` for which `value` has something. Values are HTML already, or escaped by the caller; a percent
/// sign that begins no known marker stays.
pub fn template_fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut page = String::with_capacity(template.len().saturating_mul(2));
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('%') {
        page.push_str(before);
        let marker = after.split_once('%');
        match marker.and_then(|(name, behind)| Some((value(name)?, behind))) {
            Some((value, behind)) => {
                page.push_str(&value);
                rest = behind;
            }
            None => {
                page.push('%');
                rest = after;
            }
        }
    }
    page.push_str(rest);
    page
}

#[cfg(test)]
mod tests {
    use super::template_fill;

    #[test]
    fn values_bring_no_marker_and_other_percent_signs_stay() {
        let value = |name: &str| match name {
            "A" => Some("%B%".to_owned()),
            "B" => Some("two".to_owned()),
            _ => None,
        };
        assert_eq!(template_fill("100 % of %A% and %B%, 5%", value), "100 % of %B% and two, 5%");
    }
}
