// Players append their scores; a referee waits until all have played.
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kPlayers = 4, kScores = 100;

class Board {
public:
	void add(int score)
	{
		std::lock_guard<std::mutex> hold(lock_);
		scores_.push_back(score);
	}

	// The mistake: push_back() changes what size() reads.
	std::size_t size()
	{
#ifdef FIXED
		std::lock_guard<std::mutex> hold(lock_);
#endif
		return scores_.size();
	}

private:
	std::mutex lock_;
	std::vector<int> scores_;
};

} // namespace

int main()
{
	Board board;
	std::vector<std::thread> players;

	for (std::size_t i = 0; i < kPlayers; i++)
		players.emplace_back([&board] {
			for (std::size_t j = 0; j < kScores; j++)
				board.add(static_cast<int>(j));
		});
	while (board.size() < kPlayers * kScores)
		std::this_thread::yield();
	for (auto &player : players)
		player.join();
	std::cout << board.size() << " scores\n";
	return 0;
}
