import Delivery

@testable import Store

/// An operator whose name does not matter.
extension OutboxOperator {
    func pause(helpdesk: String, at now: WallTime) throws {
        try pause(helpdesk: helpdesk, by: .test, at: now)
    }

    func resume(helpdesk: String) throws -> Bool {
        try resume(helpdesk: helpdesk, by: .test, at: WallTime(milliseconds: 1_800_000_000_000))
    }

    func retry(_ ids: [Int64], by note: OperatorNote, at now: WallTime) throws
        -> [Int64: DeedResult]
    {
        try perform(.retry(fault: IngestRules.usual.fault), on: ids, by: note, at: now)
    }

    func cancel(_ ids: [Int64], by note: OperatorNote, at now: WallTime) throws
        -> [Int64: DeedResult]
    {
        try perform(.cancel, on: ids, by: note, at: now)
    }

    func resolve(row id: Int64, as resolution: Resolution, at now: WallTime) throws -> Resolved {
        try resolve(row: id, as: resolution, by: .test, at: now)
    }
}

extension OperatorNote {
    static let test = OperatorNote(who: "tester", why: "a test")
}
