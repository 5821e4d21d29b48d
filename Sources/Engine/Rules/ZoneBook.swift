internal import Mail
internal import Service

/// The zones of the system's time zone database that were asked for, each read once.
///
/// A change of the database counts from the next start on.
final class ZoneBook {
    private let directory: String
    private var known: [String: ZoneRules?] = [:]
    /// Helpdesks may name any zone, and change it.
    private static let most = 1_000

    init(directory: String = "/usr/share/zoneinfo") { self.directory = directory }

    /// nil if there is no such zone.
    func rules(_ name: String) -> ZoneRules? {
        if let rules = known[name] { return rules }
        if known.count >= Self.most { known.removeAll() }
        let zone = OneLine.trim(name)
        let rules = Self.isName(zone) ? read(zone).flatMap(ZoneRules.init(tzif:)) : nil
        known[name] = .some(rules)
        return rules
    }

    /// What lies in the directory and is no zone of IANA's: `right/` counts leap seconds.
    private static let strange = ["right/", "posix/", "localtime", "posixrules", "Factory"]

    /// `Europe/Berlin`, `Etc/GMT+3`: nothing that leads out of the directory.
    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { octet in
                switch octet {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2F, 0x5F: true
                default: false
                }
            } && !name.hasPrefix("/") && !strange.contains { name.hasPrefix($0) }
    }

    private func read(_ name: String) -> [UInt8]? {
        do {
            return try BoundedFile.read("\(directory)/\(name)", limit: ZoneRules.maximumLength)
        } catch {
            return nil  // `check` and `show` name the zone: see ``MailFaults``.
        }
    }
}
