/// What a figure has to be.
enum Target {
    case atLeast(Double)
    case atMost(Double)
    case below(Double)

    func isMet(by value: Double) -> Bool {
        switch self {
        case .atLeast(let limit): value >= limit
        case .atMost(let limit): value <= limit
        case .below(let limit): value < limit
        }
    }

    var description: String {
        switch self {
        case .atLeast(let limit): ">= \(limit.short)"
        case .atMost(let limit): "<= \(limit.short)"
        case .below(let limit): "< \(limit.short)"
        }
    }
}
