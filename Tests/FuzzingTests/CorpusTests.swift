import Testing

@testable import outboxd_fuzz

/// What hostile input must not break: `Tests/Fuzzing/run` looks for new input, these replay what is kept.
@Suite struct CorpusTests {
    static let names = FuzzTargets.all.map { $0.name }

    @Test(arguments: names) func `no kept input breaks a promise, and no mutant`(_ name: String)
        throws
    {
        let target = try #require(FuzzTargets.named(name))
        #expect(try Fuzz.replay(target) > 5)
        #expect(try Fuzz.mutate(target, count: 300, seed: 7) == 300)
    }

    @Test(arguments: ["", "a\\b", "#x", " # ", "\r\n\0\u{7F}", "ü\u{1F600}"])
    func `an input is a line and again the input`(_ text: String) throws {
        let input = Array(text.utf8) + [0xFF, 0xC3]
        let line = Corpus.line(input)
        #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !line.hasPrefix("#"))
        #expect(try Corpus.input(line[...]) == input)
        #expect(try Corpus.input(Corpus.line([])[...]) == [])
    }

    @Test func `the same seed makes the same inputs`() {
        func inputs(_ seed: UInt64) -> [[UInt8]] {
            var mutator = Mutator(corpus: [[1, 2, 3], [4]], words: ["ab"], longest: 5, seed: seed)
            return (0..<100).map { _ in mutator.next() }
        }
        #expect(inputs(1) == inputs(1) && inputs(1) != inputs(2))
        #expect(inputs(1).allSatisfy { $0.count <= 5 } && Set(inputs(1)).count > 50)
    }
}
