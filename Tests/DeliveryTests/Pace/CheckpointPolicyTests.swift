import Delivery
import Testing

/// The table of ``CheckpointPolicy``.
struct CheckpointPolicyTests {
    @Test(arguments: [
        (3_006_023, true), (3_007_000, false), (3_040_001, false), (3_044_005, false),
        (3_044_006, true), (3_045_000, false), (3_050_006, false), (3_050_007, true),
        (3_051_000, false), (3_051_002, false), (3_051_003, true), (3_053_000, true),
    ])
    func `which versions are repaired`(_ version: Int, _ isRepaired: Bool) {
        #expect(CheckpointPolicy(sqliteVersion: version).isRepaired == isRepaired)
    }

    @Test(
        arguments: [
            (1_000, false, .nothing, .nothing), (1_001, false, .passive, .restart),
            (16_384, false, .passive, .restart), (16_385, false, .truncate, .truncate),
            (1_000, true, .nothing, .nothing), (1_001, true, .passive, .nothing),
            (2_000, true, .passive, .nothing), (2_001, true, .passive, .restart),
            (1_000_000, true, .passive, .restart),
        ] as [(Int, Bool, CheckpointPolicy.Step, CheckpointPolicy.Step)])
    func `what is done`(
        _ pages: Int, _ isBusy: Bool, _ repaired: CheckpointPolicy.Step,
        _ other: CheckpointPolicy.Step
    ) {
        #expect(
            CheckpointPolicy(sqliteVersion: 3_051_003).step(pages: pages, isBusy: isBusy)
                == repaired)
        #expect(
            CheckpointPolicy(sqliteVersion: 3_040_001).step(pages: pages, isBusy: isBusy) == other)
    }

    /// An API server that commits meanwhile waits for the whole of it.
    @Test(arguments: [
        (400, true, false), (401, true, true), (1_000, false, false), (1_001, false, true),
    ])
    func `where others commit a checkpoint is short, and comes more often`(
        _ pages: Int, _ isBusy: Bool, _ isDone: Bool
    ) {
        let step = CheckpointPolicy(sqliteVersion: 3_040_001)
            .step(pages: pages, isBusy: isBusy, isShared: true)
        #expect(step == (isDone ? .restart : .nothing))
        #expect(CheckpointPolicy.pause(isShared: true) < CheckpointPolicy.pause(isShared: false))
    }
}
