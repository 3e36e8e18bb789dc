//! What tokens cost by a provider's public list: whole numbers throughout. The lists stand with their providers.

use shared::wire::admin::numbers::ModelUse;

/// What a model costs by its provider's list, in US cents a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPrice {
    /// The model, as it is asked for. A snapshot of it, `-` and digits behind its name, costs the same.
    pub model: &'static str,
    /// A million tokens read.
    pub in_cents: u32,
    /// A million tokens written.
    pub out_cents: u32,
}

/// A provider's list.
#[derive(Debug, Clone, Copy)]
pub struct PriceList {
    /// The day on which it was true.
    pub listed_on: &'static str,
    /// The prices.
    pub prices: &'static [ListPrice],
}

impl PriceList {
    /// The price of a model. `None` where the list does not have it: then nobody knows what it costs.
    pub fn price_find(&self, model: &str) -> Option<&'static ListPrice> {
        self.prices.iter().find(|price| {
            let rest = model.strip_prefix(price.model);
            rest.is_some_and(|rest| rest.is_empty() || is_snapshot(rest))
        })
    }
}

/// `-2025-04-14` or `-20251001`.
fn is_snapshot(rest: &str) -> bool {
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    rest.starts_with('-')
        && digits == 8
        && rest.bytes().all(|letter| letter.is_ascii_digit() || letter == b'-')
}

/// What tokens cost, in millionths of a cent: a token at a cent a million costs one.
pub fn cost_microcents(price: &ListPrice, tokens_in: u64, tokens_out: u64) -> u64 {
    let read = tokens_in.saturating_mul(price.in_cents.into());
    read.saturating_add(tokens_out.saturating_mul(price.out_cents.into()))
}

/// Puts the price beside what was used.
pub fn use_price(used: &mut ModelUse, list: Option<&PriceList>) {
    let found = list.and_then(|list| Some((list, list.price_find(&used.model)?)));
    used.microcents = found.map(|(_, price)| cost_microcents(price, used.tokens_in, used.tokens_out));
    used.listed_on = found.map(|(list, _)| list.listed_on.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: PriceList = PriceList {
        listed_on: "2026-06-30",
        prices: &[
            ListPrice { model: "big-1", in_cents: 300, out_cents: 1_500 },
            ListPrice { model: "big-1-mini", in_cents: 40, out_cents: 160 },
        ],
    };

    #[test]
    fn a_model_is_found_by_its_name_and_by_a_snapshot_of_it_and_by_nothing_else() {
        let cents = |model: &str| LIST.price_find(model).map(|price| price.in_cents);
        assert_eq!(cents("big-1"), Some(300));
        assert_eq!(cents("big-1-mini"), Some(40), "not the price of its larger sister");
        assert_eq!(cents("big-1-20251001"), Some(300));
        assert_eq!(cents("big-1-mini-2025-04-14"), Some(40));
        for unknown in ["big-2", "big-1-nano", "big-1-2", "big-10", "", "our-big-1"] {
            assert_eq!(cents(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn money_is_whole_numbers_to_the_last_token() {
        let price = ListPrice { model: "m", in_cents: 40, out_cents: 160 };
        assert_eq!(cost_microcents(&price, 1_000_000, 0), 40_000_000, "forty cents");
        assert_eq!(cost_microcents(&price, 1, 1), 200);
        assert_eq!(cost_microcents(&price, u64::MAX, u64::MAX), u64::MAX, "never wraps");
    }
}
