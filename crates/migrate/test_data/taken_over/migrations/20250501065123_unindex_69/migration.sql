-- DropIndex
DROP INDEX "things_9_ownerId_b_idx";
