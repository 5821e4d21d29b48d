internal import Delivery

/// What clocks show in one place, now and then: a compiled file of the time zone database (RFC 8536).
///
/// FoundationEssentials knows no zones, and Foundation's bring 30 MB of tables into the process.
package struct ZoneRules: Hashable, Sendable {
    /// An offset from UTC with its name.
    struct Kind: Hashable, Sendable {
        /// Seconds; east of Greenwich they are positive.
        var offset: Int
        /// `CET`, or `-03` where no name is in use.
        var abbreviation: String
    }

    /// Seconds since the epoch, ascending: from each on another kind is in force.
    private let transitions: [Int64]
    /// Before the first transition, and from each one on: one more than there are transitions.
    private let kinds: [Kind]
    /// After the last transition; nil: its kind stays.
    private let future: PosixZone?

    /// Files of the database have a tenth of it.
    package static let maximumLength = 65_536

    /// - Parameter tzif: A whole file of version 2 or later, which all systems have.
    /// - Returns: nil if it is none.
    package init?(tzif: [UInt8]) {
        guard tzif.count <= Self.maximumLength else { return nil }
        var reader = ZoneFileReader(tzif)
        guard let first = reader.header(), first.version >= 0x32,
            reader.skip(first.length(timeLength: 4)), let header = reader.header(),
            let body = reader.body(header)
        else { return nil }
        transitions = body.transitions
        kinds = body.kinds
        future = reader.footer().flatMap(PosixZone.init)
    }

    func kind(at time: WallTime) -> Kind {
        let seconds = time.milliseconds.flooredSeconds
        if let last = transitions.last, seconds < last {
            let next = transitions.firstIndex { $0 > seconds } ?? transitions.count
            return kinds[next]
        }
        return future?.kind(at: seconds) ?? kinds[kinds.count - 1]
    }
}

extension Int64 {
    /// Milliseconds as seconds, also before the epoch.
    fileprivate var flooredSeconds: Int64 { self >= 0 ? self / 1_000 : (self - 999) / 1_000 }
}
