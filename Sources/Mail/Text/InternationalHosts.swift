/// The international hosts of the links that stand in a mail's texts.
struct InternationalHosts {
    /// The hosts of more links than these stay as they are, and their links text: half a megabyte of them would keep
    /// the thread that composes, and with it other mails.
    static let most = 200

    private let toASCII: DomainToASCII
    private var left = most

    init(_ toASCII: @escaping DomainToASCII) { self.toASCII = toASCII }

    mutating func asciiDomain(_ domain: String) -> String? {
        guard left > 0, Self.mayEnd(domain) else { return nil }
        left -= 1
        return toASCII(domain)
    }

    /// No top-level domain has ASCII beside a script that is not Latin: `https://acme.example请看` goes on with the
    /// sentence, in a script that needs no space for that.
    private static func mayEnd(_ domain: String) -> Bool {
        let top = domain.unicodeScalars.split(separator: ".").last ?? []
        return !top.contains { $0.isASCII } || !top.contains { $0.value > 0x24F }
    }
}
