internal import Delivery
internal import Engine
internal import Store

/// Why mails were deferred or failed: each distinct cause once, with how often it came.
struct DrainCauses {
    /// In the order in which they came.
    private(set) var all: [(text: String, count: Int)] = []
    private var places: [String: Int] = [:]
    /// Of causes that there was no room for.
    private(set) var others = 0
    private static let most = 50

    /// - Returns: the cause, if it is new.
    mutating func add(_ text: String) -> String? {
        if let place = places[text] {
            all[place].count += 1
            return nil
        }
        guard all.count < Self.most else {
            others += 1
            return nil
        }
        places[text] = all.count
        all.append((text, 1))
        return text
    }

    /// It has turned out not to be one; it keeps its place, and is not new should it come again.
    mutating func takeBack(_ text: String) {
        guard let place = places[text] else { return }
        all[place].count = max(0, all[place].count - 1)
    }

    /// `deferred: rcpt: 450 4.2.0 <address> is greylisted`; nil for what needs no words.
    static func text(of attempt: EngineEvent.Attempt) -> String? {
        let what: String
        switch attempt.outcome {
        case .sent: return nil
        case .deferred: what = "deferred"
        case .failed(let reason): what = "failed (\(reason.rawValue))"
        case .uncertain: what = "uncertain"
        case .returned: what = "returned"
        case .faulty: what = "deferred (store)"
        }
        guard let error = attempt.error else { return what }
        let line = OutboxView.Failure.line(
            stage: error.stage.rawValue, code: error.code, enhanced: error.enhanced?.description,
            text: error.text)
        return "\(what): \(ErrorKind.text(of: line, recipient: attempt.recipient))"
    }
}
