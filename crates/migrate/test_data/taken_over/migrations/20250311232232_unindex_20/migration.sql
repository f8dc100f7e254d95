-- DropIndex
DROP INDEX "things_2_ownerId_b_idx";
