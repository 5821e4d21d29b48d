internal import Glibc
internal import Service
internal import Store

/// Who types the command.
enum Operator {
    /// `alice`; with sudo the one who called it.
    ///
    /// A user without a name is `uid 1000`.
    static func name(environment: [String: String]) -> String {
        if let sudo = environment["SUDO_USER"], !sudo.isEmpty { return String(sudo.prefix(64)) }
        let id = getuid()
        guard let name = FileOwnership.knownName(user: id) else { return "uid \(id)" }
        return String(name.prefix(64))
    }
}

extension CommandContext {
    /// The longest reason that is kept, in characters.
    private static let longestWhy = 1_000

    /// For the rows' stories: who does it, and with `--why TEXT` why.
    func note() throws -> OperatorNote {
        let why = try text("why")
        if let why, why.count > Self.longestWhy {
            throw usage("--why takes at most \(Self.longestWhy) characters")
        }
        return OperatorNote(who: Operator.name(environment: environment), why: why)
    }
}
