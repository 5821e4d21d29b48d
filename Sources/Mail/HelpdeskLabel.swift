internal import Delivery

/// A helpdesk's id as the label of a domain name: itself, where it can be one.
enum HelpdeskLabel {
    static func of(_ id: String) -> String {
        let hostLabel = ASCIISet.hostLabel
        let isLabel =
            (1...40).contains(id.utf8.count) && id.utf8.allSatisfy { hostLabel.contains($0) }
            && id.utf8.first != 0x2D && id.utf8.last != 0x2D
        guard !isLabel else { return id }
        var hash = FNV1a64()
        hash.combine(id)
        return "h-" + String(hash.value, radix: 16)
    }
}
