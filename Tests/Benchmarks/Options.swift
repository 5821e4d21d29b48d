/// The command line.
struct Options {
    enum Benchmark: String, CaseIterable {
        case backlog, latency, growth, memory, idle, relay, disk, api, instructions
    }

    var benchmarks = Benchmark.allCases
    var rows = 20_000
    var connections = [4]
    var rounds = 5
    var samples = 300
    var seconds = 20
    var finished = 1_000_000
    /// Nil: a tenth of those finished.
    var waiting: Int?
    var isSoak = false
    var isJSON = false
    var isQuiet = false
    /// Whether what is missed makes the exit code 1.
    var isCheck = false
    /// Whether the instructions counted are kept, for later comparison.
    var isUpdate = false
    var wantsHelp = false

    init(_ arguments: [String]) throws {
        var words = ArgumentList(arguments)
        var chosen: [Benchmark] = []
        while let word = words.next() {
            switch word {
            case "all": chosen = Benchmark.allCases
            case "--rows": rows = try words.number(for: word)
            case "--connections": connections = try words.numbers(for: word)
            case "--rounds": rounds = try words.number(for: word)
            case "--samples": samples = try words.number(for: word)
            case "--seconds": seconds = try words.number(for: word)
            case "--finished": finished = try words.number(for: word)
            case "--waiting": waiting = try words.number(for: word)
            case "--soak": isSoak = true
            case "--json": isJSON = true
            case "--quiet": isQuiet = true
            case "--check": isCheck = true
            case "--update": isUpdate = true
            case "--help", "-h": wantsHelp = true
            default:
                guard let one = Benchmark(rawValue: word) else {
                    throw Problem("\(word) is unknown\n\(Self.help)")
                }
                chosen.append(one)
            }
        }
        if !chosen.isEmpty { benchmarks = chosen }
    }
}
