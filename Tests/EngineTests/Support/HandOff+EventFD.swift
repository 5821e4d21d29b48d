import Service

@testable import Engine

extension HandOff {
    /// Between threads, as in the engine.
    convenience init() throws {
        try self.init(forStore: EventFD(), forSender: EventFD())
    }
}
