import Delivery
import Store
import Testing

@testable import Engine

/// Each thing is told once.
struct EpochTellingTests {
    private func words(_ event: EngineEvent?) -> String {
        switch event {
        case .restored(let restoration, let rows):
            "restored \(restoration.sign.rawValue) \(rows ?? -1)"
        case .released: "released"
        case .epochUnwritable(let reason): "unwritable \(reason)"
        case nil: "-"
        default: "?"
        }
    }

    @Test func `what is held is told once, then that it is released, and anew the next time`() {
        func held(_ at: Int64, _ rows: Int) -> EpochNews {
            .held(
                OutboxView.Restoration(
                    since: WallTime(milliseconds: at), sign: .newer, lastSentAt: nil),
                rows: rows, isNew: false)
        }
        var telling = EpochTelling()
        let news: [EpochNews?] = [nil, held(1, 3), held(1, 4), nil, nil, held(2, 4), held(3, 4)]
        #expect(
            news.map { words(telling.event($0)) } == [
                "-", "restored newer 3", "-", "released", "-", "restored newer 4",
                "restored newer 4",
            ])
        #expect(telling.isHeld)
    }

    @Test func `why the number can't be written is told once for each reason`() {
        var telling = EpochTelling()
        let news: [EpochNews?] = [
            .unwritable("a"), .unwritable("a"), .unwritable("b"), nil, .unwritable("b"),
        ]
        #expect(
            news.map { words(telling.event($0)) } == [
                "unwritable a", "-", "unwritable b", "-", "unwritable b",
            ])
    }
}
