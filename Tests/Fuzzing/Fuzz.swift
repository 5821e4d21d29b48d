import CLibFuzzer
import Foundation
import Glibc
import Synchronization

/// Feeds input that somebody hostile could have made to what reads it.
///
/// Built as usual, it replays the corpora and mutates them blindly, the same each time. `Tests/Fuzzing/run`
/// builds it for libFuzzer, which sees what code an input reaches.
@main
enum Fuzz {
    private static let usage = """
        usage: outboxd-fuzz [TARGET] [--count N] [--seed N]
               outboxd-fuzz TARGET --unpack DIR | --pack DIR | --replay DIR
               outboxd-fuzz TARGET --guided [ARGUMENT OF LIBFUZZER...]

          TARGET        \(FuzzTargets.all.map { $0.name }.joined(separator: ", ")); all, if it is left out
          --count N     so many mutants of the corpus (2000)
          --seed N      other mutants (1)
          --unpack DIR  writes the corpus there, a file for each input, and the words as a dictionary
          --pack DIR    makes the corpus of the files there
          --replay DIR  tries the files there
          --guided      looks for new code, with libFuzzer, until told otherwise
        """

    /// libFuzzer's callback captures nothing.
    private static let guided = Mutex<(any FuzzTarget.Type)?>(nil)

    static func main() {
        do {
            guard let options = FuzzOptions(Array(CommandLine.arguments.dropFirst())) else {
                say(usage)
                exit(64)
            }
            switch options.deed {
            case .mutate(let count, let seed):
                for target in options.targets {
                    let tries = try replay(target) + mutate(target, count: count, seed: seed)
                    say("\(target.name): \(tries) inputs, and every promise kept")
                }
            case .unpack(let directory):
                for target in options.targets { try Corpus.unpack(target, to: directory) }
            case .pack(let directory):
                for target in options.targets { try Corpus.pack(target, from: directory) }
            case .replay(let directory):
                let inputs = try Corpus.files(in: directory)
                for input in inputs { try check(options.targets[0], input) }
                say("\(options.targets[0].name): \(inputs.count) inputs, and every promise kept")
            case .guided(let arguments): exit(guide(options.targets[0], arguments))
            }
        } catch {
            say("outboxd-fuzz: \(error)")
            exit(1)
        }
    }

    private static func say(_ text: String) {
        print(text)
        fflush(nil)
    }

    // MARK: Blindly

    static func replay(_ target: any FuzzTarget.Type) throws -> Int {
        let corpus = try Corpus.inputs(of: target)
        for input in corpus { try check(target, input) }
        return corpus.count
    }

    static func mutate(_ target: any FuzzTarget.Type, count: Int, seed: UInt64) throws -> Int {
        var mutator = Mutator(
            corpus: try Corpus.inputs(of: target), words: target.words, longest: target.longest,
            seed: seed)
        for number in 0..<count {
            do {
                try check(target, mutator.next())
            } catch {
                throw Broken("mutant \(number) of seed \(seed): \(error)")
            }
        }
        return count
    }

    /// - Throws: ``Broken``, with the input as a line for the corpus.
    private static func check(_ target: any FuzzTarget.Type, _ input: [UInt8]) throws(Broken) {
        do {
            try target.check(input)
        } catch {
            throw Broken("\(target.name): \(error)\nthe input: \(Corpus.line(input))")
        }
    }

    // MARK: With libFuzzer

    private static func guide(_ target: any FuzzTarget.Type, _ arguments: [String]) -> Int32 {
        guard outboxd_has_libfuzzer() != 0 else {
            say("outboxd-fuzz: built without libFuzzer; Tests/Fuzzing/run builds it with that")
            return 64
        }
        guided.withLock { $0 = target }
        let words = ["outboxd-fuzz", "-max_len=\(target.longest)"] + arguments
        var count = Int32(words.count)
        // libFuzzer keeps the pointers, so that nobody frees them.
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
            capacity: words.count + 1)
        for (index, word) in words.enumerated() { pointers[index] = strdup(word) }
        pointers[words.count] = nil
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = pointers
        return LLVMFuzzerRunDriver(&count, &list) { octets, size in
            Fuzz.judge([UInt8](UnsafeBufferPointer(start: octets, count: size)))
            return 0
        }
    }

    /// libFuzzer takes a signal for a finding, and keeps the input.
    private static func judge(_ input: [UInt8]) {
        guard let target = guided.withLock({ $0 }) else { return }
        do {
            try check(target, input)
        } catch {
            say("\(error)")
            abort()
        }
    }
}
