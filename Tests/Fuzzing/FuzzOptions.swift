/// The command line of `outboxd-fuzz`.
struct FuzzOptions {
    enum Deed {
        case mutate(count: Int, seed: UInt64)
        case unpack(String)
        case pack(String)
        /// The files of a directory.
        case replay(String)
        /// With libFuzzer's own arguments.
        case guided([String])
    }

    private(set) var targets = FuzzTargets.all
    private(set) var deed: Deed = .mutate(count: 2_000, seed: 1)

    /// nil if that is no command line of this program.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        if let name = rest.first, !name.hasPrefix("-") {
            guard let target = FuzzTargets.named(name) else { return nil }
            targets = [target]
            rest.removeFirst()
        }
        var (count, seed): (Int, UInt64) = (2_000, 1)
        while let word = rest.popFirst() {
            switch word {
            case "--count", "--seed":
                guard let text = rest.popFirst(), let number = UInt32(text) else { return nil }
                if word == "--count" { count = Int(number) } else { seed = UInt64(number) }
                deed = .mutate(count: count, seed: seed)
            case "--unpack", "--pack", "--replay":
                guard let directory = rest.popFirst(), targets.count == 1 else { return nil }
                switch word {
                case "--unpack": deed = .unpack(directory)
                case "--pack": deed = .pack(directory)
                default: deed = .replay(directory)
                }
            case "--guided":
                guard targets.count == 1 else { return nil }
                deed = .guided(Array(rest))
                return
            default: return nil
            }
        }
    }
}
