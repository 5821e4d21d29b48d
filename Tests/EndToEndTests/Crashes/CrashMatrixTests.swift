#if DEBUG
    import Crash
    import Foundation
    import TestSupport
    import Testing

    /// "Nothing is ever lost", wherever a process dies.
    struct CrashMatrixTests {
        @Test(arguments: CrashMatrix.cases)
        func `whatever a process dies in the midst of, the next one finds its way`(
            _ one: CrashCase
        ) throws {
            let (had, end) = try CrashStage(one).play()
            #expect(had == one.line.had)
            #expect(end == one.line.end)
        }

        @Test func `every point has its line`() {
            #expect(Set(CrashMatrix.lines.map(\.point)) == Set(CrashPoint.allCases))
        }

        /// `OUTBOXD_WRITE_PAGES=1` writes it.
        @Test func `the page's table is made from the lines`() throws {
            let page = Repository.page("Crashes")
            let parts = try String(contentsOf: page, encoding: .utf8)
                .components(separatedBy: "## What is left\n\n")
            try #require(parts.count == 2)
            if ProcessInfo.processInfo.environment["OUTBOXD_WRITE_PAGES"] == "1" {
                let text = parts[0] + "## What is left\n\n" + CrashMatrix.table
                try text.write(to: page, atomically: true, encoding: .utf8)
            } else {
                #expect(parts[1] == CrashMatrix.table)
            }
        }
    }
#endif
