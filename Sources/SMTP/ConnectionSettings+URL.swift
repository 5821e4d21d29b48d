import Delivery
import Hosts

extension ConnectionSettings {
    /// What libcurl is given: `smtp://host:port/EHLO-name`.
    ///
    /// - Throws: where a setting can't be part of it.
    func url() throws(RelayTrouble) -> String {
        guard (1...65_535).contains(port) else { throw unfit("\(port) is no port") }
        guard !ehloName.isEmpty, ehloName.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw unfit("the EHLO name is empty or holds other than printable ASCII")
        }
        let scheme = implicitTLS ? "smtps" : "smtp"
        let name = String(decoding: PercentCoding.encode(ehloName.utf8), as: UTF8.self)
        return "\(scheme)://\(try hostInURL()):\(port)/\(name)"
    }

    private func hostInURL() throws(RelayTrouble) -> String {
        let bare = bareHost
        if bare.utf8.contains(UInt8(ascii: ":")) {
            guard HostSyntax.isIPv6(bare) else { throw unfit("the host is no IPv6 address") }
            return "[\(bare)]"
        }
        guard let ascii = IDNA.asciiDomain(bare) else { throw unfit("the host is no domain name") }
        return ascii
    }

    /// - Throws: where a setting alone already forbids the connection.
    func validate() throws(RelayTrouble) {
        let strings = [
            host, username, password?.revealed, caFile, clientCertificate?.certificateFile,
            clientCertificate?.keyFile,
        ].compactMap { $0 }
        guard !strings.contains(where: { $0.utf8.contains(0) }) else {
            throw unfit("a setting holds a NUL")
        }
        guard password == nil || tokens == nil else {
            throw loginRefused("both a password and a token are set")
        }
        guard (username == nil) == (password == nil && tokens == nil) else {
            let what = tokens == nil ? "password" : "token"
            throw loginRefused("user name and \(what) are set one without the other")
        }
        if mayOnlyReachLoopback, !Loopback.isHost(bareHost) { throw passwordRefused() }
    }

    func passwordRefused() -> RelayTrouble {
        let what = tokens == nil ? "password" : "token"
        return loginRefused(
            "the \(what) is not sent: TLS is unverified, and the relay not on loopback")
    }

    private func loginRefused(_ text: String) -> RelayTrouble {
        RelayTrouble(kind: .credentials, error: DeliveryError(stage: .auth, text: text))
    }

    private func unfit(_ text: String) -> RelayTrouble {
        RelayTrouble(kind: .credentials, error: DeliveryError(stage: .connect, text: text))
    }
}
