#if DEBUG
    import Crash
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
    }
#endif
