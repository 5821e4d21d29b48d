import Foundation
import TestSupport
import Testing

/// Faults.md shows what the tests expect.
struct FaultPageTests {
    private static let page = Repository.page("Faults")

    @Test func `the page of faults shows the table that is played`() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let start = try #require(text.range(of: FaultPage.heading)?.lowerBound)
        guard text[start...] != FaultPage.text else { return }
        if ProcessInfo.processInfo.environment["OUTBOXD_WRITE_PAGES"] != nil {
            try Data((text[..<start] + FaultPage.text).utf8).write(to: Self.page)
        }
        Issue.record(
            """
            Faults.md differs; with OUTBOXD_WRITE_PAGES=1 this test writes it. From its heading on it has to say:

            \(FaultPage.text)
            """)
    }
}
