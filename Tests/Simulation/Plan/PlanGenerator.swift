import Delivery
import TestSupport

@testable import Engine

/// Makes a plan out of a seed: a generator of its own for each subsystem, so that one that asks for a number more
/// changes nothing for the others.
struct PlanGenerator {
    private var options: SplitMix64
    private var api: SplitMix64
    private var operators: SplitMix64
    private var relay: SplitMix64
    private var machine: SplitMix64
    private var innocent: SplitMix64
    private var batches: SplitMix64
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        var root = SplitMix64(seed: seed)
        options = SplitMix64(seed: root.next())
        api = SplitMix64(seed: root.next())
        operators = SplitMix64(seed: root.next())
        relay = SplitMix64(seed: root.next())
        machine = SplitMix64(seed: root.next())
        innocent = SplitMix64(seed: root.next())
        batches = SplitMix64(seed: root.next())
    }

    mutating func plan() -> Plan {
        var options = worldOptions()
        options.batches = drawBatches()
        // In one of three only helpdesks misbehave: what an innocent one feels of that is bounded.
        let isCalm = chance(3, &self.options)
        let rows = rows(options)
        var steps = rows + innocents(options) + changes(options, rows.map(\.at))
        steps += deeds(options, isCalm: isCalm) + moods(options, isCalm: isCalm)
        if !isCalm { steps += faults(options) }
        // In a stable order: what happens at one moment stays as it was drawn.
        let sorted = steps.enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        return Plan(seed: seed, options: options, steps: sorted.map(\.element))
    }

    /// A minute of each kind of thing that is written: for what is tried at every write.
    static var small: Plan {
        func row(_ number: Int, instant: Bool) -> Action {
            .insert(
                NewReply(
                    helpdesk: 0, conversation: number, recipient: number, isInstant: instant,
                    isForOperator: false, age: .zero, notBefore: nil, isOddlySpelled: false,
                    repeats: nil))
        }
        let actions: [(Int, Action)] = [
            (100, row(0, instant: true)), (200, row(1, instant: false)),
            (300, row(2, instant: false)), (400, row(3, instant: true)), (450, .cancel(row: 2)),
            (500, .relay(.troubled(.recipientDeferred, oneIn: 1, helpdesk: nil))),
            (600, row(4, instant: true)),
            (900, .relay(.troubled(.closeAfterAccepting, oneIn: 1, helpdesk: nil))),
            (1_000, row(5, instant: true)), (1_500, .relay(.well)), (4_000, .read(row: 1)),
            (4_100, row(6, instant: true)),
        ]
        let options = WorldOptions(
            hold: .seconds(10), pollInterval: .seconds(30), retryBase: .seconds(1),
            retryCap: .seconds(60), expiry: .seconds(7_200), lease: .seconds(30), connections: 2,
            daemons: 1, isPipelined: true, resendsUncertain: true, retention: .seconds(7_200),
            helpdesks: 1, conversations: 7, recipients: 7, length: .seconds(40))
        return Plan(
            seed: 1, options: options,
            steps: actions.map { Plan.Step(at: .milliseconds($0.0), action: $0.1) })
    }

    // MARK: Options

    private mutating func worldOptions() -> WorldOptions {
        WorldOptions(
            hold: .seconds(pick([0, 10, 60, 60, 600], &options)),
            pollInterval: .seconds(pick([1, 15, 60, 60], &options)),
            retryBase: .seconds(pick([1, 30, 120], &options)),
            retryCap: .seconds(pick([60, 600, 3_600], &options)),
            expiry: .seconds(pick([900, 7_200, 259_200], &options)),
            lease: .seconds(pick([30, 120], &options)),
            connections: pick([1, 2, 4], &options), daemons: pick([1, 1, 2, 3], &options),
            isPipelined: chance(2, &options), resendsUncertain: !chance(3, &options),
            retention: chance(3, &options) ? .seconds(7_200) : nil,
            helpdesks: pick([1, 2, 3], &options), conversations: pick([2, 5, 20], &options),
            recipients: pick([1, 3, 8], &options),
            length: .seconds(pick([900, 1_800, 3_600, 10_800], &options)))
    }

    /// In one of two worlds so small that the next burst of replies is more than a transaction holds.
    private mutating func drawBatches() -> Batches {
        guard chance(2, &batches) else { return Batches() }
        return Batches(
            claimed: pick([1, 3, 8], &batches), ingested: pick([2, 4, 8], &batches),
            ingestedShared: pick([1, 2, 4], &batches), newcomers: pick([1, 2], &batches),
            octets: pick([OctetBudget.usual, OctetBudget.usual, 20_000, 4_000], &batches),
            looks: pick([0, 1, 3], &batches))
    }

    // MARK: The API server

    private mutating func rows(_ world: WorldOptions) -> [Plan.Step] {
        let count = 50 + Int.random(in: 0..<70, using: &api)
        return (0..<count).flatMap { number -> [Plan.Step] in
            // Replies come in bursts, too.
            let at = time(world, &api)
            let size = chance(8, &api) ? 1 + Int.random(in: 0..<12, using: &api) : 1
            return (0..<size).map { _ in Plan.Step(at: at, action: .insert(reply(number, world))) }
        }
    }

    private mutating func reply(_ number: Int, _ world: WorldOptions) -> NewReply {
        NewReply(
            helpdesk: Int.random(in: 0..<world.helpdesks, using: &api),
            conversation: Int.random(in: 0..<world.conversations, using: &api),
            recipient: Int.random(in: 0..<world.recipients, using: &api),
            isInstant: chance(3, &api), isForOperator: chance(5, &api),
            age: chance(10, &api) ? .seconds(Int.random(in: 1..<9_000, using: &api)) : .zero,
            notBefore: chance(12, &api) ? .seconds(Int.random(in: 1..<3_600, using: &api)) : nil,
            isOddlySpelled: chance(6, &api),
            repeats: chance(15, &api) ? Int.random(in: 0..<100, using: &api) : nil)
    }

    /// Instant mail of the helpdesk that has done nothing, each in a conversation of its own.
    private mutating func innocents(_ world: WorldOptions) -> [Plan.Step] {
        (0..<Int.random(in: 3..<15, using: &innocent)).map { number in
            Plan.Step(
                at: time(world, &innocent),
                action: .insert(
                    NewReply(
                        helpdesk: world.innocent, conversation: number, recipient: 100 + number,
                        isInstant: true, isForOperator: false, age: .zero, notBefore: nil,
                        isOddlySpelled: false, repeats: nil)))
        }
    }

    private mutating func changes(_ world: WorldOptions, _ rows: [Duration]) -> [Plan.Step] {
        let kinds = swarm(8, &api)
        return (0..<Int.random(in: 10..<80, using: &api)).map { _ in
            let action = change(world, kinds, &api)
            // Half of them come when mail is likely to be under way: right after a row, or when its hold ends.
            let moment = rows[Int.random(in: 0..<rows.count, using: &api)]
            let aimed =
                moment + (chance(2, &api) ? world.hold : .zero)
                + .milliseconds(pick([0, 1, 10, 30, 500, 3_000], &api))
            return Plan.Step(at: chance(2, &api) ? aimed : time(world, &api), action: action)
        }
    }

    /// By the API server.
    private func change(
        _ world: WorldOptions, _ kinds: [Int], _ generator: inout SplitMix64
    ) -> Action {
        let row = Int.random(in: 0..<1_000, using: &generator)
        return switch kinds[Int.random(in: 0..<kinds.count, using: &generator)] {
        case 0: .edit(row: row)
        case 1: .cancel(row: row)
        case 2: .delete(row: row)
        case 3, 4: .read(row: row)
        case 5: .makeInstant(row: row)
        case 6: .pauseHelpdesk(row % world.helpdesks, chance(2, &generator))
        default: .suppress(recipient: row % world.recipients, chance(2, &generator))
        }
    }

    // MARK: The operator

    private mutating func deeds(_ world: WorldOptions, isCalm: Bool) -> [Plan.Step] {
        let kinds = swarm(8, &operators)
        return (0..<Int.random(in: 0..<30, using: &operators)).flatMap { _ -> [Plan.Step] in
            let at = time(world, &operators)
            let row = Int.random(in: 0..<1_000, using: &operators)
            let helpdesk: Int? =
                !isCalm && chance(2, &operators) ? nil : row % world.helpdesks
            let action: Action =
                switch kinds[Int.random(in: 0..<kinds.count, using: &operators)] {
                case 0: .pause(helpdesk: helpdesk)
                case 1: .retry(row: row)
                case 2: .cancelByOperator(row: row)
                case 3: .resolve(row: row, asSent: chance(2, &operators))
                case 4: .prune
                case 5: .probe
                default:
                    .drain(
                        ignoresHold: chance(2, &operators),
                        limit: chance(3, &operators) ? 1 + row % 5 : nil)
                }
            guard case .pause = action else { return [Plan.Step(at: at, action: action)] }
            let length = Duration.seconds(Int.random(in: 1..<1_200, using: &operators))
            return [
                Plan.Step(at: at, action: action),
                Plan.Step(at: at + length, action: .resume(helpdesk: helpdesk)),
            ]
        }
    }

    // MARK: Bursts

    /// At least one: trouble lasts from seconds to hours, and ends.
    private mutating func moods(_ world: WorldOptions, isCalm: Bool) -> [Plan.Step] {
        let troubles = RelayMood.Trouble.allCases
        let kinds = swarm(troubles.count + (isCalm ? 0 : 2), &relay)
        return (0..<Int.random(in: 1..<6, using: &relay)).flatMap { _ -> [Plan.Step] in
            let kind = kinds[Int.random(in: 0..<kinds.count, using: &relay)]
            let mood: RelayMood =
                switch kind {
                case troubles.count: .down
                case troubles.count + 1: .slow(.milliseconds(pick([5, 30, 200, 3_000], &relay)))
                default:
                    .troubled(
                        troubles[kind], oneIn: pick([1, 2, 5, 20], &relay),
                        helpdesk: isCalm || chance(3, &relay)
                            ? Int.random(in: 0..<world.helpdesks, using: &relay) : nil)
                }
            let at = time(world, &relay)
            let length = Duration.seconds(pick([3, 60, 600, 3_600, 10_800], &relay))
            return [
                Plan.Step(at: at, action: .relay(mood)),
                Plan.Step(at: at + length, action: .relay(.well)),
            ]
        }
    }

    private mutating func faults(_ world: WorldOptions) -> [Plan.Step] {
        let kinds = swarm(7, &machine)
        return (0..<Int.random(in: 1..<12, using: &machine)).map { _ in
            let process = Int.random(in: 0..<8, using: &machine)
            let action: Action =
                switch kinds[Int.random(in: 0..<kinds.count, using: &machine)] {
                case 0:
                    .kill(process: process, afterPoints: Int.random(in: 0..<60, using: &machine))
                case 1: .startDaemon
                case 2: .stop(process: process)
                case 3: .freeze(process: process, for: .seconds(pick([1, 20, 100, 900], &machine)))
                case 4:
                    .preempt(
                        process: process, afterPoints: Int.random(in: 0..<20, using: &machine),
                        for: .seconds(pick([1, 40, 200], &machine)),
                        meanwhile: (0..<pick([0, 2, 6], &machine)).map { _ in
                            change(world, Array(0..<8), &machine)
                        })
                case 5:
                    .setClock(by: .seconds(pick([-3_600, -90, -1, 1, 90, 3_600], &machine)))
                default:
                    .disk(
                        DiskTrouble.allCases[process % 2],
                        for: .milliseconds(pick([10, 2_000, 600_000], &machine)))
                }
            return Plan.Step(at: time(world, &machine), action: action)
        }
    }

    // MARK: Drawing

    /// Some of the kinds, but never none: what is left out today may be what hides a fault.
    private func swarm(_ count: Int, _ generator: inout SplitMix64) -> [Int] {
        let kinds = (0..<count).filter { _ in Bool.random(using: &generator) }
        return kinds.isEmpty ? [Int.random(in: 0..<count, using: &generator)] : kinds
    }

    private func time(_ world: WorldOptions, _ generator: inout SplitMix64) -> Duration {
        .milliseconds(Int64.random(in: 0..<world.length.inMilliseconds, using: &generator))
    }

    private func pick<T>(_ values: [T], _ generator: inout SplitMix64) -> T {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    private func chance(_ oneIn: Int, _ generator: inout SplitMix64) -> Bool {
        Int.random(in: 0..<oneIn, using: &generator) == 0
    }
}
