import Delivery
import Testing

@Test(arguments: [
    (1, 1), (2, 2), (3, 4), (4, 8), (10, 512), (11, 600), (12, 600), (1_000_000, 600),
])
func `what can't be taken over is tried again after a growing pause`(failures: Int, seconds: Int) {
    #expect(RecoveryPause.pause(failures: failures) == .seconds(seconds))
}
