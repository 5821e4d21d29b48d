/// Which form of a phrase goes with a number: CLDR's cardinal rules for whole numbers
/// (https://unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules).
///
/// French, Spanish, Italian and Portuguese have a form for whole millions besides, which no mail counts to.
enum PluralRule: Sendable {
    enum Form: Sendable { case zero, one, two, few, many, other }

    /// Japanese, Chinese, Korean.
    case none
    /// 1: English, German, Dutch, Spanish, Italian, Turkish.
    case one
    /// 0 and 1: French, Portuguese.
    case zeroAndOne
    /// Russian, Ukrainian.
    case eastSlavic
    case polish
    case arabic
    case hebrew

    /// Every phrase that counts needs these, in this order.
    var forms: [Form] {
        switch self {
        case .none: [.other]
        case .one, .zeroAndOne: [.one, .other]
        case .eastSlavic, .polish: [.one, .few, .many]
        case .arabic: [.zero, .one, .two, .few, .many, .other]
        case .hebrew: [.one, .two, .other]
        }
    }

    func form(_ count: Int) -> Form {
        switch self {
        case .none: .other
        case .one: count == 1 ? .one : .other
        case .zeroAndOne: count <= 1 ? .one : .other
        case .eastSlavic:
            if count % 10 == 1, count % 100 != 11 { .one } else { Self.isFew(count) ? .few : .many }
        case .polish:
            if count == 1 { .one } else { Self.isFew(count) ? .few : .many }
        case .arabic: Self.arabic(count)
        case .hebrew: count == 1 ? .one : (count == 2 ? .two : .other)
        }
    }

    /// 2 to 4, 22 to 24, but not 12 to 14.
    private static func isFew(_ count: Int) -> Bool {
        (2...4).contains(count % 10) && !(12...14).contains(count % 100)
    }

    private static func arabic(_ count: Int) -> Form {
        switch count {
        case 0: return .zero
        case 1: return .one
        case 2: return .two
        default: break
        }
        return switch count % 100 {
        case 3...10: .few
        case 11...99: .many
        default: .other
        }
    }
}
