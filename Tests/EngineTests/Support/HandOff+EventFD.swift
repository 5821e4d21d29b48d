import Service

@testable import Engine

extension HandOff {
    /// Between threads, as in the engine.
    convenience init() throws {
        try self.init(forStoring: EventFD(), forSending: EventFD())
    }
}
