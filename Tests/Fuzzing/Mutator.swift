import TestSupport

/// Makes new inputs of those of a corpus: the same seed, the same inputs.
struct Mutator {
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private let longest: Int
    private var random: SplitMix64

    init(corpus: [[UInt8]], words: [String], longest: Int, seed: UInt64) {
        self.corpus = corpus
        self.words = words.map { Array($0.utf8) }
        self.longest = longest
        random = SplitMix64(seed: seed)
    }

    /// One input of the corpus with one to eight changes.
    mutating func next() -> [UInt8] {
        var input = corpus.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...8, using: &random) { change(&input) }
        return Array(input.prefix(longest))
    }

    private mutating func change(_ input: inout [UInt8]) {
        let place = Int.random(in: 0...input.count, using: &random)
        let end = min(input.count, place + Int.random(in: 1...16, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0 where place < input.count:
            input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where place < input.count: input[place] = .random(in: .min ... .max, using: &random)
        case 2: input.insert(.random(in: .min ... .max, using: &random), at: place)
        case 3: input.removeSubrange(place..<end)
        case 4: input.insert(contentsOf: input[place..<end], at: place)
        case 5: splice(&input, at: place)
        default: input.insert(contentsOf: words.randomElement(using: &random) ?? [], at: place)
        }
    }

    /// What follows comes from another input.
    private mutating func splice(_ input: inout [UInt8], at place: Int) {
        let other = corpus.randomElement(using: &random) ?? []
        let start = Int.random(in: 0...other.count, using: &random)
        input = Array(input[..<place] + other[start...])
    }
}
