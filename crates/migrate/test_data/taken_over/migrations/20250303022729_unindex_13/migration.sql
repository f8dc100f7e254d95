-- DropIndex
DROP INDEX "things_1_ownerId_b_idx";
