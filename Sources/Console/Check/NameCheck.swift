internal import Glibc
internal import Hosts

/// What the relay's name resolves to, as the system sees it.
struct NameCheck {
    var host: String

    /// - Returns: nil if the host is an address: nothing is looked up.
    func finding() -> CheckReport.Finding? {
        guard !HostSyntax.isIPv4(host), !HostSyntax.isIPv6(host) else { return nil }
        let clock = ContinuousClock()
        var result = Result<[String], Refusal>.success([])
        let took = clock.measure { result = Self.look(host) }
        switch result {
        case .success(let addresses):
            let shown = addresses.prefix(4).joined(separator: ", ")
            let more = addresses.count > 4 ? " and \(addresses.count - 4) more" : ""
            return .init(.dns, .ok, "\(host) is \(shown)\(more); \(TimeText.length(took))")
        case .failure(let refusal):
            let advice =
                refusal.isNamesFault
                ? "see the host in OUTBOXD_SMTP_URL"
                : "see this machine's name servers (/etc/resolv.conf) and the way to them"
            return .init(.dns, .fail, "no address for \(host): \(refusal.text); \(advice)")
        }
    }

    private struct Refusal: Error {
        var text: String
        /// There is no such name, or it has no address.
        var isNamesFault: Bool
    }

    private static func look(_ host: String) -> Result<[String], Refusal> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            return .failure(
                Refusal(
                    text: String(cString: gai_strerror(code)), isNamesFault: code == EAI_NONAME))
        }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let isKnown = getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0,
                NI_NUMERICHOST)
            let address = String(
                decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if isKnown == 0, !addresses.contains(address) { addresses.append(address) }
            next = entry.ai_next
        }
        return .success(addresses)
    }
}
