/// A phrase that counts, in the forms of its language: `{}` is the number, and may be left out where the
/// form says it ("two more").
struct Plural: Sendable {
    private let forms: [PluralRule.Form: Template]

    init(
        zero: Template? = nil, one: Template? = nil, two: Template? = nil, few: Template? = nil,
        many: Template? = nil, other: Template? = nil
    ) {
        let all: [(PluralRule.Form, Template?)] = [
            (.zero, zero), (.one, one), (.two, two), (.few, few), (.many, many), (.other, other),
        ]
        forms = Dictionary(
            uniqueKeysWithValues: all.compactMap { form, text in text.map { (form, $0) } })
    }

    var present: Set<PluralRule.Form> { Set(forms.keys) }

    /// - Returns: "" if the language's file lacks the form, which a test does not let happen.
    func text(_ count: Int, _ rule: PluralRule) -> String {
        guard let form = forms[rule.form(count)] else { return "" }
        return form.hasPlace ? form.filled(String(count)) : form.before
    }
}
