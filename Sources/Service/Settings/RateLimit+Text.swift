internal import Delivery

extension RateLimit {
    /// `50/s` or `600/m`, 1 to 1,000,000 of them; nil for anything else.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = PlainNumber.parse(parts[0], in: 1...1_000_000) else {
            return nil
        }
        switch parts[1] {
        case "s": self.init(count: count, per: .seconds(1))
        case "m": self.init(count: count, per: .seconds(60))
        default: return nil
        }
    }
}
