import Testing

@testable import Mail

/// Numbers of each form, from CLDR's own samples.
/// https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
struct PluralRuleTests {
    @Test(
        arguments: [
            (.none, .other, [0, 1, 2, 15, 100]),
            (.one, .one, [1]), (.one, .other, [0, 2, 11, 21, 101]),
            (.zeroAndOne, .one, [0, 1]), (.zeroAndOne, .other, [2, 11, 100]),
            (.eastSlavic, .one, [1, 21, 31, 101, 1_001]),
            (.eastSlavic, .few, [2, 3, 4, 22, 104, 1_002]),
            (.eastSlavic, .many, [0, 5, 11, 12, 14, 19, 100, 111, 114]),
            (.polish, .one, [1]), (.polish, .few, [2, 4, 22, 34, 102]),
            (.polish, .many, [0, 5, 12, 14, 21, 31, 101, 112]),
            (.arabic, .zero, [0]), (.arabic, .one, [1]), (.arabic, .two, [2]),
            (.arabic, .few, [3, 10, 103, 110]), (.arabic, .many, [11, 26, 99, 111, 1_011]),
            (.arabic, .other, [100, 101, 102, 200, 1_000]),
            (.hebrew, .one, [1]), (.hebrew, .two, [2]), (.hebrew, .other, [0, 3, 10, 20, 102]),
        ] as [(PluralRule, PluralRule.Form, [Int])])
    func `each number has its form`(_ rule: PluralRule, _ form: PluralRule.Form, _ numbers: [Int]) {
        for number in numbers { #expect(rule.form(number) == form, "\(number)") }
        #expect(rule.forms.contains(form))
    }
}
