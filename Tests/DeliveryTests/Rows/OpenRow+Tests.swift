import Delivery

extension OpenRow {
    /// A row created `createdAt` seconds into the test, with a hold of 60 s.
    static func made(
        _ id: Int64, at createdAt: Double, instant: Bool = false, cancelled: Bool = false,
        readUpTo marker: Double? = nil, suppressed: Bool = false, attempts: Int = 0
    ) -> OpenRow {
        OpenRow(
            id: id, createdAt: wall(createdAt),
            dueAt: instant ? wall(createdAt) : wall(createdAt + 60), isInstant: instant,
            isCancelled: cancelled, readMarker: marker.map(wall), isSuppressed: suppressed,
            attempts: attempts)
    }
}
