-- DropIndex
DROP INDEX "things_5_ownerId_b_idx";
